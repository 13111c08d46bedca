#include "overflow.hpp"

#include <limits>

namespace halfulp {

bool stays_finite(RoundingMode mode, bool negative) {
  switch (mode) {
    case RoundingMode::kTowardZero:
    case RoundingMode::kOdd:
      return true;
    case RoundingMode::kUp:
      return negative;
    case RoundingMode::kDown:
      return !negative;
    default:
      return false;
  }
}

double overflow_value(const Format& format, bool negative, bool exact_infinity) {
  const double limit = negative ? lowest(format) : largest(format);
  switch (format.overflow) {
    case OverflowMode::kSaturate:
    case OverflowMode::kSaturateSymmetric:
      return limit;
    case OverflowMode::kInfinity: {
      if (!exact_infinity && stays_finite(format.rounding, negative)) return limit;
      if (!format.has_infinity) break;
      const double infinity = std::numeric_limits<double>::infinity();
      return negative ? -infinity : infinity;
    }
    case OverflowMode::kWrap:
    case OverflowMode::kError:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace halfulp
