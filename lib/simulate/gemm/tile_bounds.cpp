#include "tile_bounds.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp::sim {
namespace {

constexpr double kSlack = 1 + 0x1p-20;  // of sums computed in double

}  // namespace

TileBounds::TileBounds(const Facts& facts) : facts_(facts) {
  const auto depth = static_cast<double>(facts.depth);
  proves_all_ = prove({facts.row, facts.row * depth}, {facts.column, facts.column * depth});
}

bool TileBounds::prove(std::size_t row_tile) const { return proves_all_ || prove(rows_[row_tile], column_); }

template <typename T>
TileBounds::Extent TileBounds::extent_of(const T* packed, std::size_t depth, std::size_t group) {
  std::vector<double> sums(group);
  Extent extent;
  for (std::size_t k = 0; k < depth; ++k) {
    for (std::size_t r = 0; r < group; ++r) {
      const double x = std::fabs(static_cast<double>(packed[k * group + r]));
      extent.largest = std::max(extent.largest, x);
      sums[r] += x;
    }
  }
  extent.sum = *std::max_element(sums.begin(), sums.end());
  return extent;
}

template TileBounds::Extent TileBounds::extent_of(const float*, std::size_t, std::size_t);
template TileBounds::Extent TileBounds::extent_of(const double*, std::size_t, std::size_t);

bool TileBounds::prove(const Extent& a, const Extent& b) const {
  const double product = a.largest * b.largest * kSlack;
  if (facts_.product && facts_.product->family == FormatFamily::kFloat && !fits(*facts_.product, product)) return false;
  if (facts_.sum->family == FormatFamily::kFixed) return product < 0x1p100;
  const int precision = facts_.sum->stored_significand_bits + 1;
  const double growth = std::exp(static_cast<double>(2 * facts_.depth + 2) * std::ldexp(1.0, -precision));
  const double terms = std::min(a.sum * b.largest, b.sum * a.largest) * kSlack;
  return fits(*facts_.sum, (terms + facts_.start) * growth * kSlack);
}

// Below the largest number, with room for its rounding, and for the constant that rounds.
bool TileBounds::fits(const Format& format, double bound) const {
  return bound * (1 + std::ldexp(1.0, -format.stored_significand_bits)) < largest(format) && bound < facts_.limit;
}

}  // namespace halfulp::sim
