#include "tiles.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "../../formats/kernels/gemm_tile.hpp"
#include "halfulp/formats/round.hpp"
#include "operand.hpp"

namespace halfulp::sim {
namespace {

using kernels::TileJob;
using kernels::TileRounding;
using kernels::TileShape;
using kernels::TileStep;

constexpr int kSingleBits = 24;
constexpr int kLeastSingle = -149;  // exponent of the last place of the smallest float32
constexpr int kFixedBits = 22;      // of a fixed-point accumulator, its carrier M and a unit more

bool is_gradual_float(const Format& format) {
  return format.family == FormatFamily::kFloat && format.rounding == RoundingMode::kNearestEven && format.has_subnormals &&
         !format.flush_subnormals && format.emin >= -126;
}

bool is_saturating_fixed(const Format& format) {
  return format.family == FormatFamily::kFixed && format.rounding == RoundingMode::kNearestEven && format.width_bits <= kFixedBits - 1 &&
         std::abs(format.fraction_bits) <= 90 &&
         (format.overflow == OverflowMode::kSaturate || format.overflow == OverflowMode::kSaturateSymmetric);
}

int precision(const Format& format) { return format.stored_significand_bits + 1; }
int finest(const Format& format) {
  return format.family == FormatFamily::kFixed ? -format.fraction_bits : format.emin - format.stored_significand_bits;
}

TileStep step_of(const Format& format) {
  if (format.family == FormatFamily::kFixed) {
    return {.rounding = TileRounding::kFixed,
            .magic = std::ldexp(1.5f, 23 - format.fraction_bits),
            .low = static_cast<float>(lowest(format)),
            .high = static_cast<float>(largest(format))};
  }
  return {.rounding = TileRounding::kFloat,
          .factor = std::ldexp(1.5f, 23 - format.stored_significand_bits),
          .floor = std::ldexp(1.0f, format.emin)};
}

// The bits of what is added to the accumulator, its grid, and the steps; nullopt where tiles do not round as the formats say.
struct Steps {
  TileStep product, sum;
};

std::optional<Steps> steps_for(const GemmOptions& options, const Operand& a, const Operand& b) {
  if (!options.accumulator || options.compensated || options.order.kind == SummationOrder::Kind::kTree) return std::nullopt;
  if (!a.is_single || !b.is_single) return std::nullopt;
  const Format& sum = *options.accumulator;
  const bool all_zero = a.lsb == INT_MAX || b.lsb == INT_MAX;
  int term_bits = a.bits + b.bits, term_lsb = all_zero ? 0 : a.lsb + b.lsb;
  Steps steps{.product = {}, .sum = step_of(sum)};
  if (options.product) {
    const Format& product = *options.product;
    const bool rounds_exact = term_bits <= kSingleBits && term_lsb >= kLeastSingle && precision(product) <= kSingleBits - 2;
    if (!(is_saturating_fixed(product) || (is_gradual_float(product) && rounds_exact))) return std::nullopt;
    steps.product = step_of(product);
    term_bits = product.family == FormatFamily::kFixed ? product.width_bits : precision(product);
    term_lsb = finest(product);
  }
  if (is_saturating_fixed(sum)) return steps;
  const bool innocuous = term_bits <= precision(sum) && 2 * precision(sum) + 2 <= kSingleBits;
  if (!is_gradual_float(sum) || !innocuous || term_lsb < std::max(finest(sum), kLeastSingle)) return std::nullopt;
  return steps;
}

// Bounds of the sums of magnitudes in a tile.
class Bounds {
 public:
  Bounds(const Matrices& m, const GemmOptions& options, TileShape tile)
      : tile_(tile), depth_(m.shape.depth), options_(options), row_(measure(m.a, m.shape.rows, tile.rows)),
        column_(measure(m.b, m.shape.columns, tile.columns)) {
    for (const double x : m.start) start_ = std::max(start_, std::fabs(x));
  }

  bool proves(std::size_t row_tile, std::size_t column_tile) const {
    const Extent &a = row_[row_tile], &b = column_[column_tile];
    const double product = a.largest * b.largest * kSlack;
    if (options_.product && options_.product->family == FormatFamily::kFloat && !fits(*options_.product, product)) return false;
    if (options_.accumulator->family == FormatFamily::kFixed) return product < 0x1p100;
    const double growth = std::exp(static_cast<double>(2 * depth_ + 2) * std::ldexp(1.0, -precision(*options_.accumulator)));
    const double terms = std::min(a.sum * b.largest, b.sum * a.largest) * kSlack;
    return fits(*options_.accumulator, (terms + start_) * growth * kSlack);
  }

 private:
  struct Extent {
    double largest = 0, sum = 0;
  };
  static constexpr double kSlack = 1 + 0x1p-20;

  // Below the largest number, with room for its rounding, and for the constant that rounds.
  static bool fits(const Format& format, double bound) {
    return bound * (1 + std::ldexp(1.0, -format.stored_significand_bits)) < largest(format) &&
           bound < std::ldexp(1.0, 100);
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

  TileShape tile_;
  std::size_t depth_;
  const GemmOptions& options_;
  std::vector<Extent> row_, column_;
  double start_ = 0;
};

// Groups of `group` rows, transposed: depth x group each, padded with zeros.
std::vector<float> packed(const std::vector<double>& rows, std::size_t count, std::size_t depth, std::size_t group) {
  const std::size_t groups = (count + group - 1) / group;
  std::vector<float> result(groups * group * depth);
  for (std::size_t i = 0; i < count; ++i) {
    float* to = result.data() + i / group * group * depth + i % group;
    for (std::size_t k = 0; k < depth; ++k) to[k * group] = static_cast<float>(rows[i * depth + k]);
  }
  return result;
}

// Sums may start from these: values of the accumulator, and no negative zero, which an addition of zero would change.
bool are_starts(const Format& format, std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double x) { return round_to(format, x) == x && !(x == 0 && std::signbit(x)); });
}

class Tiling {
 public:
  Tiling(const Matrices& m, const GemmOptions& options, const Steps& steps, TileShape tile, std::span<double> c)
      : m_(m), tile_(tile), steps_(steps), bounds_(m, options, tile), c_(c), a_(packed(m.a, m.shape.rows, m.shape.depth, tile.rows)),
        b_(packed(m.b, m.shape.columns, m.shape.depth, tile.columns)), block_(options.order.kind == SummationOrder::Kind::kBlocked
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
      kernels::run_tile({.product = steps_.product, .sum = steps_.sum, .depth = m_.shape.depth, .block = block_,
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
        start_[r * tile_.columns + s] = static_cast<float>(m_.start_of(i + r, j + s));
      }
    }
  }

  const Matrices& m_;
  TileShape tile_;
  Steps steps_;
  Bounds bounds_;
  std::span<double> c_;
  std::vector<float> a_, b_, start_, result_;
  std::size_t block_;
  std::vector<std::size_t> left_;
};

}  // namespace

std::optional<std::vector<std::size_t>> accumulate_tiles(const Matrices& matrices, const GemmOptions& options, std::span<double> c) {
  const TileShape tile = kernels::tile_shape();
  if (tile.rows == 0) return std::nullopt;
  const auto steps = steps_for(options, examine(matrices.a), examine(matrices.b));
  if (!steps || !are_starts(*options.accumulator, matrices.start)) return std::nullopt;
  return Tiling(matrices, options, *steps, tile, c).run();
}

}  // namespace halfulp::sim
