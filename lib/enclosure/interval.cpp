#include "halfulp/enclosure/interval.hpp"

#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();
}

Interval operator/(const Interval& a, const Interval& b) {
  if (b.lo <= 0 && b.hi >= 0) return {-kInfinity, kInfinity};
  if (b.hi < 0) return -a / -b;
  return {div_down(a.lo, a.lo >= 0 ? b.hi : b.lo), div_up(a.hi, a.hi >= 0 ? b.lo : b.hi)};
}

Interval intersect(const Interval& a, const Interval& b) {
  const Interval both{std::max(a.lo, b.lo), std::min(a.hi, b.hi)};
  HALFULP_ASSERT(both.lo <= both.hi);
  return both;
}

Interval square(const Interval& a) {
  const Interval m = abs(a);
  return {mul_down(m.lo, m.lo), mul_up(m.hi, m.hi)};
}

double midpoint(const Interval& a) {
  if (std::isinf(a.lo) || std::isinf(a.hi)) {
    constexpr double kLargest = std::numeric_limits<double>::max();
    return std::clamp(0.0, std::min(a.lo, kLargest), std::max(a.hi, -kLargest));
  }
  return std::clamp(0.5 * a.lo + 0.5 * a.hi, a.lo, a.hi);
}

}  // namespace halfulp
