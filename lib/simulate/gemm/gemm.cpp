#include "halfulp/simulate/gemm.hpp"

#include "../accumulate.hpp"
#include "../matrix_product.hpp"
#include "../value_grid.hpp"
#include "halfulp/formats/quantize.hpp"
#include "halfulp/support/assert.hpp"
#include "chunked.hpp"
#include "kahan.hpp"
#include "side_by_side.hpp"
#include "tiles.hpp"

namespace halfulp {
namespace {

using sim::DotRounding;
using sim::Matrices;
using sim::Operand;
using sim::RoleIndex;
using sim::Rounder;
using sim::Strided;
using sim::ValueGrid;

Matrices matrices_of(const GemmShape& shape, std::span<const double> a, std::span<const double> b, std::span<const double> bias,
                     const GemmOptions& options) {
  HALFULP_ASSERT(a.size() == shape.rows * shape.depth && b.size() == shape.depth * shape.columns);
  HALFULP_ASSERT(bias.empty() || bias.size() == shape.columns);
  Matrices m{.shape = shape, .a = {a.data(), shape.depth, 1}, .b = {b.data(), 1, shape.columns}, .start = std::vector<double>(shape.columns)};
  if (options.transpose_a) m.a = {a.data(), 1, shape.rows};
  if (options.transpose_b) m.b = {b.data(), shape.depth, 1};
  std::copy(bias.begin(), bias.end(), m.start.begin());
  return m;
}

// The grid of all products and partial sums, in any order, if they are doubles that the formats leave alone.
std::optional<ValueGrid> exact_sums(const Matrices& m, const GemmOptions& options, const Operand& a, const Operand& b) {
  if (options.compensated || m.shape.depth == 0) return std::nullopt;
  const Operand start = sim::examine(m.start);
  const ValueGrid products = sim::product_grid(a.grid(), b.grid());
  ValueGrid sums = sim::unite(products, start.grid());
  sums.bound = start.bound + products.bound * static_cast<double>(m.shape.depth);
  const bool is_exact = sim::sums_are_doubles(sums) && (!options.product || sim::is_transparent(*options.product, products)) &&
                        (!options.accumulator || sim::is_transparent(*options.accumulator, sums));
  return is_exact ? std::optional(sums) : std::nullopt;
}

std::vector<double> in_rows(const Strided& x, std::size_t rows, std::size_t depth) {
  std::vector<double> result(rows * depth);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < depth; ++k) result[i * depth + k] = x(i, k);
  }
  return result;
}

void accumulate_by_blas(const Matrices& m, std::span<double> c) {
  const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  const auto [rows, columns, depth] = m.shape;
  const auto a = in_rows(m.a, rows, depth), b = in_rows(m.b, columns, depth);
  sim::multiply_transposed(size(rows), size(columns), size(depth), a.data(), b.data(), c.data());
  for (std::size_t i = 0; i < c.size(); ++i) c[i] += m.start[i % columns];
}

class General {
 public:
  General(const Matrices& m, const GemmOptions& options)
      : m_(m), options_(options), key_{options.seed, options.stream >> 24, static_cast<NodeId>(options.stream >> 3 & ((1u << 21) - 1))},
        rounding_{Rounder(options.product, key_, RoleIndex::kProduct), Rounder(options.accumulator, key_, RoleIndex::kAccumulator),
                  Rounder(none(), key_, RoleIndex::kOutput), options.order, m.shape.depth},
        left_(m.shape.depth), right_(m.shape.depth) {}

  // The accumulated value; the exact sum, rounded to `output` or to double, without an accumulator.
  // The one rounding of an exact sum.
  Rounder output() const {
    static const std::optional<Format> kDouble = make_float(11, 52);
    return {options_.output ? options_.output : kDouble, key_, RoleIndex::kOutput};
  }

  double operator()(std::size_t element) {
    const std::size_t i = element / m_.shape.columns, j = element % m_.shape.columns;
    for (std::size_t k = 0; k < m_.shape.depth; ++k) {
      left_[k] = m_.a(i, k);
      right_[k] = m_.b(j, k);
    }
    const sim::Terms terms{{{left_, {}, {}}}, {{right_, {}, {}}}};
    const Expansion start = sim::expansion_of(m_.start[j]);
    if (options_.compensated) return sim::compensated_sum(terms, start, rounding_, element).part[0];
    if (options_.accumulator) return sim::dot_product(terms, start, 1, rounding_, element).part[0];
    DotRounding once = rounding_;
    once.output = output();
    return sim::dot_product(terms, start, 1, once, element).part[0];
  }

 private:
  static const std::optional<Format>& none() {
    static const std::optional<Format> kNone;
    return kNone;
  }

  const Matrices& m_;
  const GemmOptions& options_;
  sim::StreamKey key_;
  DotRounding rounding_;
  std::vector<double> left_, right_;
};

void accumulate_generally(const Matrices& m, const GemmOptions& options, std::span<double> c) {
  General general(m, options);
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = general(i);
}

// Whether what is written still has to be rounded to `output`: without an accumulator the general path has done so.
bool accumulate(const Matrices& m, const GemmOptions& options, std::span<const double> left, std::span<const double> right, std::span<double> c) {
  const Operand a = sim::examine(left), b = sim::examine(right);
  if (const auto sums = exact_sums(m, options, a, b)) {
    if (!sim::accumulate_exact_tiles(m, a, b, *sums, c)) accumulate_by_blas(m, c);
    return true;
  }
  if (!options.accumulator && !options.product && sim::accumulate_chunks(m, left, right, General(m, options).output(), c)) return false;
  if (const auto rest = sim::accumulate_side_by_side(m, options, a, b, c)) {
    General general(m, options);
    for (const std::size_t i : *rest) c[i] = general(i);
  } else {
    accumulate_generally(m, options, c);
  }
  return options.accumulator.has_value();
}

}  // namespace

void gemm(const GemmShape& shape, std::span<const double> a, std::span<const double> b, std::span<const double> bias,
          std::span<double> c, const GemmOptions& options) {
  HALFULP_ASSERT(c.size() == shape.rows * shape.columns && options.stream % 8 == 0);
  HALFULP_ASSERT(!options.compensated || (options.accumulator && options.order.kind == SummationOrder::Kind::kSequential));
  const Matrices m = matrices_of(shape, a, b, bias, options);
  bool is_unrounded = options.accumulator.has_value();
  if (options.force_general_path) {
    accumulate_generally(m, options, c);
  } else {
    is_unrounded = accumulate(m, options, a, b, c);
  }
  if (options.output && is_unrounded) {
    quantize(*options.output, c, c, options.seed, options.stream + static_cast<std::uint64_t>(RoleIndex::kOutput));
  }
}

}  // namespace halfulp
