#include "value_grid.hpp"

#include <algorithm>
#include <cmath>

#include "../formats/kernels/gemm_examine.hpp"

namespace halfulp::sim {
namespace {

// Bounds are computed in double with at most 2^31 additions and products of relative error 2^-53.
constexpr double kSlack = 1 + 0x1p-20;
// Grids that keep products and sums clear of underflow and overflow.
constexpr int kLeastLsb = -1000, kGreatest = 1000;

// All values of the format are multiples of 2 to this power, where that is known of the family.
std::optional<int> last_bit_of(const Format& format) {
  switch (format.family) {
    case FormatFamily::kFixed: return -format.fraction_bits;
    case FormatFamily::kFloat: return format.emin - format.stored_significand_bits;
    case FormatFamily::kPower: return format.emin;
    case FormatFamily::kPosit: return std::ilogb(smallest_positive(format));  // gaps grow with the magnitude, in powers of two
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<ValueGrid> grid_of(const Format& format) {
  if (format.overflow == OverflowMode::kInfinity || !fits_double(format)) return std::nullopt;
  const auto lsb = last_bit_of(format);
  if (!lsb) return std::nullopt;
  return ValueGrid{.lsb = *lsb, .bound = std::max(largest(format), -lowest(format))};
}

std::optional<ValueGrid> measure(const ValueView& values) {
  ValueGrid grid;
  for (const auto plane : values.plane) {
    const kernels::Examined seen = kernels::examine_doubles(plane.data(), plane.size());
    if (!seen.is_finite) return std::nullopt;
    if (seen.greatest == 0) continue;
    grid.lsb = std::min(grid.lsb, std::ilogb(seen.last_place));
    grid.bound = std::max(grid.bound, seen.greatest);
  }
  return grid;
}

ValueGrid unite(const ValueGrid& a, const ValueGrid& b) { return {std::min(a.lsb, b.lsb), std::max(a.bound, b.bound)}; }

ValueGrid product_grid(const ValueGrid& a, const ValueGrid& b) {
  if (a.lsb == INT_MAX || b.lsb == INT_MAX) return {};
  return {a.lsb + b.lsb, a.bound * b.bound * kSlack};
}

bool in_range(const ValueGrid& values) {
  return values.lsb == INT_MAX || (values.lsb >= kLeastLsb && values.bound * kSlack < std::ldexp(1.0, kGreatest));
}

bool sums_are_doubles(const ValueGrid& sums) {
  return sums.lsb == INT_MAX || (in_range(sums) && sums.bound * kSlack < std::ldexp(1.0, sums.lsb + 53));
}

bool is_transparent(const Format& format, const ValueGrid& values) {
  if (values.lsb == INT_MAX) return true;
  const double bound = values.bound * kSlack;
  if (bound > largest(format)) return false;
  if (format.family == FormatFamily::kFixed) {
    return format.is_signed && values.lsb >= -format.fraction_bits;
  }
  if (format.family != FormatFamily::kFloat) return false;
  const int finest = format.flush_subnormals || !format.has_subnormals ? format.emin : format.emin - format.stored_significand_bits;
  return lowest(format) < 0 && values.lsb >= finest && bound <= std::ldexp(1.0, values.lsb + format.stored_significand_bits + 1);
}

}  // namespace halfulp::sim
