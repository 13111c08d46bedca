#include "tiles.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "halfulp/formats/round.hpp"
#include "operand.hpp"
#include "tile_steps.hpp"

namespace halfulp::sim {
namespace {

using kernels::TileShape;

// Bounds of the sums of magnitudes in a tile.
class Bounds {
 public:
  // `limit`: bound of the sums for which the steps are right.
  Bounds(const Matrices& m, const GemmOptions& options, TileShape tile, double limit)
      : limit_(limit), depth_(m.shape.depth), options_(options), row_(measure(m.a, m.shape.rows, tile.rows)),
        column_(measure(m.b, m.shape.columns, tile.columns)) {
    for (const double x : m.start) start_ = std::max(start_, std::fabs(x));
  }

  bool proves(std::size_t row_tile, std::size_t column_tile) const {
    const Extent &a = row_[row_tile], &b = column_[column_tile];
    const double product = a.largest * b.largest * kSlack;
    if (options_.product && options_.product->family == FormatFamily::kFloat && !fits(*options_.product, product)) return false;
    if (options_.accumulator->family == FormatFamily::kFixed) return product < 0x1p100;
    const double growth = std::exp(static_cast<double>(2 * depth_ + 2) * std::ldexp(1.0, -options_.accumulator->stored_significand_bits - 1));
    const double terms = std::min(a.sum * b.largest, b.sum * a.largest) * kSlack;
    return fits(*options_.accumulator, (terms + start_) * growth * kSlack);
  }

 private:
  struct Extent {
    double largest = 0, sum = 0;
  };
  static constexpr double kSlack = 1 + 0x1p-20;

  // Below the largest number, with room for its rounding, and for the constant that rounds.
  bool fits(const Format& format, double bound) const {
    return bound * (1 + std::ldexp(1.0, -format.stored_significand_bits)) < largest(format) && bound < limit_;
  }

  std::vector<Extent> measure(const std::vector<double>& rows, std::size_t count, std::size_t group) const {
    std::vector<Extent> result((count + group - 1) / group);
    for (std::size_t i = 0; i < count; ++i) {
      Extent one;
      for (std::size_t k = 0; k < depth_; ++k) {
        const double x = std::fabs(rows[i * depth_ + k]);
        one.largest = std::max(one.largest, x);
        one.sum += x;
      }
      Extent& tile = result[i / group];
      tile.largest = std::max(tile.largest, one.largest);
      tile.sum = std::max(tile.sum, one.sum);
    }
    return result;
  }

  double limit_;
  std::size_t depth_;
  const GemmOptions& options_;
  std::vector<Extent> row_, column_;
  double start_ = 0;
};

// Groups of `group` rows, transposed: depth x group each, padded with zeros.
template <typename T>
std::vector<T> packed(const std::vector<double>& rows, std::size_t count, std::size_t depth, std::size_t group) {
  const std::size_t groups = (count + group - 1) / group;
  std::vector<T> result(groups * group * depth);
  for (std::size_t i = 0; i < count; ++i) {
    T* to = result.data() + i / group * group * depth + i % group;
    for (std::size_t k = 0; k < depth; ++k) to[k * group] = static_cast<T>(rows[i * depth + k]);
  }
  return result;
}

// Sums may start from these: values of the accumulator, and no negative zero, which an addition of zero would change.
bool are_starts(const Format& format, std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double x) { return round_to(format, x) == x && !(x == 0 && std::signbit(x)); });
}

template <typename T>
class Tiling {
 public:
  Tiling(const Matrices& m, const GemmOptions& options, const TileSteps<T>& steps, TileShape tile, std::span<double> c)
      : m_(m), tile_(tile), steps_(steps), bounds_(m, options, tile, steps.bound), c_(c),
        a_(packed<T>(m.a, m.shape.rows, m.shape.depth, tile.rows)), b_(packed<T>(m.b, m.shape.columns, m.shape.depth, tile.columns)), block_(options.order.kind == SummationOrder::Kind::kBlocked
                                                                                  ? static_cast<std::size_t>(options.order.block)
                                                                                  : 0) {
    start_.resize(tile.rows * tile.columns);
    result_.resize(tile.rows * tile.columns);
  }

  std::vector<std::size_t> run() {
    for (std::size_t j = 0; j < m_.shape.columns; j += tile_.columns) {
      for (std::size_t i = 0; i < m_.shape.rows; i += tile_.rows) one(i, j);
    }
    return std::move(left_);
  }

 private:
  void one(std::size_t i, std::size_t j) {
    const bool proved = bounds_.proves(i / tile_.rows, j / tile_.columns);
    if (proved) {
      set_start(i, j);
      kernels::run_tile(kernels::TileJob<T>{.product = steps_.product, .sum = steps_.sum, .depth = m_.shape.depth, .block = block_,
                         .a = a_.data() + i * m_.shape.depth, .b = b_.data() + j * m_.shape.depth, .start = start_.data(),
                         .c = result_.data()});
    }
    for (std::size_t r = 0; r < std::min(tile_.rows, m_.shape.rows - i); ++r) {
      for (std::size_t s = 0; s < std::min(tile_.columns, m_.shape.columns - j); ++s) {
        const std::size_t element = (i + r) * m_.shape.columns + j + s;
        if (proved) {
          c_[element] = static_cast<double>(result_[r * tile_.columns + s]);
        } else {
          left_.push_back(element);
        }
      }
    }
  }

  void set_start(std::size_t i, std::size_t j) {
    for (std::size_t r = 0; r < std::min(tile_.rows, m_.shape.rows - i); ++r) {
      for (std::size_t s = 0; s < std::min(tile_.columns, m_.shape.columns - j); ++s) {
        start_[r * tile_.columns + s] = static_cast<T>(m_.start_of(i + r, j + s));
      }
    }
  }

  const Matrices& m_;
  TileShape tile_;
  TileSteps<T> steps_;
  Bounds bounds_;
  std::span<double> c_;
  std::vector<T> a_, b_, start_, result_;
  std::size_t block_;
  std::vector<std::size_t> left_;
};

template <typename T>
std::optional<std::vector<std::size_t>> accumulate(const Matrices& m, const GemmOptions& options, const Operand& a, const Operand& b,
                                                   std::span<double> c) {
  const TileShape tile = kernels::tile_shape<T>();
  const auto steps = tile.rows == 0 ? std::nullopt : tile_steps<T>(options, a, b);
  if (!steps || !are_starts(*options.accumulator, m.start)) return std::nullopt;
  return Tiling<T>(m, options, *steps, tile, c).run();
}

}  // namespace

std::optional<std::vector<std::size_t>> accumulate_tiles(const Matrices& m, const GemmOptions& options, std::span<double> c) {
  const Operand a = examine(m.a), b = examine(m.b);
  auto by_floats = accumulate<float>(m, options, a, b, c);
  if (by_floats && by_floats->empty()) return by_floats;
  auto by_doubles = accumulate<double>(m, options, a, b, c);
  return by_doubles ? by_doubles : by_floats;
}

}  // namespace halfulp::sim
