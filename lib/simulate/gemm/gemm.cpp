#include "halfulp/simulate/gemm.hpp"

#include "../accumulate.hpp"
#include "../matrix_product.hpp"
#include "../value_grid.hpp"
#include "halfulp/formats/quantize.hpp"
#include "halfulp/support/assert.hpp"
#include "kahan.hpp"
#include "panels.hpp"
#include "tiles.hpp"

namespace halfulp {
namespace {

using sim::DotRounding;
using sim::Matrices;
using sim::RoleIndex;
using sim::Rounder;
using sim::ValueGrid;

std::vector<double> transposed(std::span<const double> x, std::size_t rows, std::size_t columns) {
  std::vector<double> result(x.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) result[j * rows + i] = x[i * columns + j];
  }
  return result;
}

Matrices matrices_of(const GemmShape& shape, std::span<const double> a, std::span<const double> b, std::span<const double> bias,
                     const GemmOptions& options) {
  HALFULP_ASSERT(a.size() == shape.rows * shape.depth && b.size() == shape.depth * shape.columns);
  HALFULP_ASSERT(bias.empty() || bias.size() == shape.columns);
  Matrices m{.shape = shape, .a = {}, .b = {}, .start = std::vector<double>(shape.columns)};
  m.a = options.transpose_a ? transposed(a, shape.depth, shape.rows) : std::vector<double>(a.begin(), a.end());
  m.b = options.transpose_b ? std::vector<double>(b.begin(), b.end()) : transposed(b, shape.depth, shape.columns);
  std::copy(bias.begin(), bias.end(), m.start.begin());
  return m;
}

// All products and partial sums, in any order, are doubles that the formats leave alone.
bool is_exact(const Matrices& m, const GemmOptions& options) {
  if (options.compensated) return false;
  const auto a = sim::measure({{m.a, {}, {}}}), b = sim::measure({{m.b, {}, {}}}), start = sim::measure({{m.start, {}, {}}});
  if (!a || !b || !start) return false;
  const ValueGrid products = sim::product_grid(*a, *b);
  ValueGrid sums = sim::unite(products, *start);
  sums.bound = start->bound + products.bound * static_cast<double>(m.shape.depth);
  return sim::sums_are_doubles(sums) && (!options.product || sim::is_transparent(*options.product, products)) &&
         (!options.accumulator || sim::is_transparent(*options.accumulator, sums));
}

void accumulate_exactly(const Matrices& m, std::span<double> c) {
  const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  sim::multiply_transposed(size(m.shape.rows), size(m.shape.columns), size(m.shape.depth), m.a.data(), m.b.data(), c.data());
  for (std::size_t i = 0; i < c.size(); ++i) c[i] += m.start[i % m.shape.columns];
}

class General {
 public:
  General(const Matrices& m, const GemmOptions& options)
      : m_(m), options_(options), key_{options.seed, options.stream >> 24, static_cast<NodeId>(options.stream >> 3 & ((1u << 21) - 1))},
        rounding_{Rounder(options.product, key_, RoleIndex::kProduct), Rounder(options.accumulator, key_, RoleIndex::kAccumulator),
                  Rounder(none(), key_, RoleIndex::kOutput), options.order, m.shape.depth} {}

  // The accumulated value; the exact sum, rounded to `output` or to double, without an accumulator.
  double operator()(std::size_t element) const {
    const std::size_t i = element / m_.shape.columns, j = element % m_.shape.columns, depth = m_.shape.depth;
    const sim::Terms terms{{{std::span(m_.a).subspan(i * depth, depth), {}, {}}}, {{std::span(m_.b).subspan(j * depth, depth), {}, {}}}};
    const Expansion start = sim::expansion_of(m_.start[j]);
    if (options_.compensated) return sim::compensated_sum(terms, start, rounding_, element).part[0];
    if (options_.accumulator) return sim::dot_product(terms, start, 1, rounding_, element).part[0];
    DotRounding once = rounding_;
    static const std::optional<Format> kDouble = make_float(11, 52);
    once.output = Rounder(options_.output ? options_.output : kDouble, key_, RoleIndex::kOutput);
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
};

// Tiles, and panels for what they leave.
std::optional<std::vector<std::size_t>> accumulate_side_by_side(const Matrices& m, const GemmOptions& options, std::span<double> c) {
  const auto left = accumulate_tiles(m, options, c);
  if (left && left->empty()) return left;
  auto by_panels = accumulate_panels(m, options, c);
  return by_panels ? by_panels : left;
}

}  // namespace

void gemm(const GemmShape& shape, std::span<const double> a, std::span<const double> b, std::span<const double> bias,
          std::span<double> c, const GemmOptions& options) {
  HALFULP_ASSERT(c.size() == shape.rows * shape.columns && options.stream % 8 == 0);
  HALFULP_ASSERT(!options.compensated || (options.accumulator && options.order.kind == SummationOrder::Kind::kSequential));
  const Matrices m = matrices_of(shape, a, b, bias, options);
  const General general(m, options);
  const bool exact = !options.force_general_path && shape.depth != 0 && is_exact(m, options);
  if (exact) {
    accumulate_exactly(m, c);
  } else if (const auto left = options.force_general_path ? std::nullopt : accumulate_side_by_side(m, options, c)) {
    for (const std::size_t i : *left) c[i] = general(i);
  } else {
    for (std::size_t i = 0; i < c.size(); ++i) c[i] = general(i);
  }
  // Without an accumulator the general path has rounded the exact sum already.
  if (options.output && (options.accumulator || exact)) {
    quantize(*options.output, c, c, options.seed, options.stream + static_cast<std::uint64_t>(RoleIndex::kOutput));
  }
}

}  // namespace halfulp
