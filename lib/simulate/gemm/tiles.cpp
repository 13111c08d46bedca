#include "tiles.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/formats/round.hpp"
#include "tile_bounds.hpp"
#include "tile_steps.hpp"

namespace halfulp::sim {
namespace {

using kernels::TileShape;

// Rows [i, i + count) of x, transposed: depth x group, padded with zeros.
template <typename T>
void pack(const Strided& x, std::size_t i, std::size_t count, std::size_t depth, std::size_t group, T* out) {
  if (count < group) std::fill_n(out, depth * group, T{0});
  const double* from = x.data + i * x.across;
  if (x.across == 1) {
    for (std::size_t k = 0; k < depth; ++k) {
      for (std::size_t r = 0; r < count; ++r) out[k * group + r] = static_cast<T>(from[k * x.along + r]);
    }
    return;
  }
  for (std::size_t r = 0; r < count; ++r) {
    for (std::size_t k = 0; k < depth; ++k) out[k * group + r] = static_cast<T>(from[r * x.across + k * x.along]);
  }
}

// Sums may start from these: values of the accumulator, and no negative zero, which an addition of zero would change.
bool are_starts(const Format& format, std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double x) { return round_to(format, x) == x && !(x == 0 && std::signbit(x)); });
}

template <typename T>
class Tiling {
 public:
  Tiling(const Matrices& m, const TileSteps<T>& steps, std::size_t block, TileBounds bounds, std::span<double> c)
      : m_(m), tile_(kernels::tile_shape<T>()), steps_(steps), block_(block), bounds_(std::move(bounds)), c_(c),
        a_((m.shape.rows + tile_.rows - 1) / tile_.rows * tile_.rows * m.shape.depth), b_(tile_.columns * m.shape.depth),
        start_(tile_.rows * tile_.columns), result_(tile_.rows * tile_.columns) {
    for (std::size_t i = 0; i < m.shape.rows; i += tile_.rows) {
      T* to = a_.data() + i * m.shape.depth;
      pack(m.a, i, std::min(tile_.rows, m.shape.rows - i), m.shape.depth, tile_.rows, to);
      bounds_.see_rows(to, m.shape.depth, tile_.rows);
    }
  }

  std::vector<std::size_t> run() {
    for (std::size_t j = 0; j < m_.shape.columns; j += tile_.columns) {
      pack(m_.b, j, std::min(tile_.columns, m_.shape.columns - j), m_.shape.depth, tile_.columns, b_.data());
      bounds_.see_columns(b_.data(), m_.shape.depth, tile_.columns);
      for (std::size_t i = 0; i < m_.shape.rows; i += tile_.rows) one(i, j);
    }
    return std::move(left_);
  }

 private:
  void one(std::size_t i, std::size_t j) {
    const std::size_t tall = std::min(tile_.rows, m_.shape.rows - i), wide = std::min(tile_.columns, m_.shape.columns - j);
    if (!bounds_.prove(i / tile_.rows)) {
      for (std::size_t r = 0; r < tall; ++r) {
        for (std::size_t s = 0; s < wide; ++s) left_.push_back((i + r) * m_.shape.columns + j + s);
      }
      return;
    }
    for (std::size_t r = 0; r < tall; ++r) {
      for (std::size_t s = 0; s < wide; ++s) start_[r * tile_.columns + s] = static_cast<T>(m_.start_of(i + r, j + s) + 0.0);
    }
    kernels::run_tile(kernels::TileJob<T>{.product = steps_.product, .sum = steps_.sum, .depth = m_.shape.depth, .block = block_,
                                          .a = a_.data() + i * m_.shape.depth, .b = b_.data(), .start = start_.data(), .c = result_.data()});
    for (std::size_t r = 0; r < tall; ++r) {
      std::copy_n(result_.data() + r * tile_.columns, wide, c_.data() + (i + r) * m_.shape.columns + j);
    }
  }

  const Matrices& m_;
  TileShape tile_;
  TileSteps<T> steps_;
  std::size_t block_;
  TileBounds bounds_;
  std::span<double> c_;
  std::vector<T> a_, b_, start_, result_;
  std::vector<std::size_t> left_;
};

double largest_start(const Matrices& m) {
  double largest = 0;
  for (const double x : m.start) largest = std::max(largest, std::fabs(x));
  return largest;
}

template <typename T>
std::optional<std::vector<std::size_t>> accumulate(const Matrices& m, const GemmOptions& options, const Operand& a, const Operand& b,
                                                   std::span<double> c) {
  if (kernels::tile_shape<T>().rows == 0) return std::nullopt;
  const auto steps = tile_steps<T>(options, a, b);
  if (!steps || !are_starts(*options.accumulator, m.start)) return std::nullopt;
  if (steps->bound <= a.bound * b.bound) return std::nullopt;  // few tiles would be proved
  const std::size_t block = options.order.kind == SummationOrder::Kind::kBlocked ? static_cast<std::size_t>(options.order.block) : 0;
  const TileBounds bounds({.product = options.product, .sum = *options.accumulator, .limit = steps->bound, .depth = m.shape.depth,
                           .start = largest_start(m), .row = a.bound, .column = b.bound});
  return Tiling<T>(m, *steps, block, bounds, c).run();
}

}  // namespace

std::optional<std::vector<std::size_t>> accumulate_tiles(const Matrices& m, const GemmOptions& options, const Operand& a, const Operand& b,
                                                         std::span<double> c) {
  auto by_floats = accumulate<float>(m, options, a, b, c);
  if (by_floats && by_floats->empty()) return by_floats;
  auto by_doubles = accumulate<double>(m, options, a, b, c);
  return by_doubles ? by_doubles : by_floats;
}

bool accumulate_exact_tiles(const Matrices& m, const Operand& a, const Operand& b, const ValueGrid& sums, std::span<double> c) {
  if (kernels::tile_shape<float>().rows == 0) return false;
  constexpr int kSingleBits = 24, kLeastSingle = -126;
  const bool fits_single = a.is_single && b.is_single && (sums.lsb == INT_MAX || (sums.lsb >= kLeastSingle && sums.bound < 0x1p100 &&
                                                                                  sums.bound * (1 + 0x1p-20) < std::ldexp(1.0, sums.lsb + kSingleBits)));
  if (fits_single) {
    Tiling<float>(m, {}, 0, {}, c).run();
  } else {
    Tiling<double>(m, {}, 0, {}, c).run();
  }
  return true;
}

}  // namespace halfulp::sim
