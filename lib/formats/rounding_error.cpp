#include <algorithm>
#include <cmath>
#include <limits>

#include "binary64.hpp"
#include "grid.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

bool is_nearest(RoundingMode mode) {
  return mode == RoundingMode::kNearestEven || mode == RoundingMode::kNearestAway ||
         mode == RoundingMode::kNearestZero;
}

// 2^exponent or the next double above it.
double power_of_two_up(int exponent) {
  return exponent < -1074 ? std::numeric_limits<double>::denorm_min() : power_of_two(exponent);
}

// Exponent of the spacing of the values next to any |x| < magnitude; x = magnitude itself counts
// only if it is not a power of two, which a float format holds exactly.
int spacing_exponent(const Format& format, double magnitude) {
  const int finest = finest_exponent(format);
  if (format.family == FormatFamily::kFixed || magnitude == 0) return finest;
  int exponent = format.emax;
  if (std::isfinite(magnitude)) {
    const double fraction = std::frexp(magnitude, &exponent);
    exponent -= fraction == 0.5 ? 2 : 1;
  }
  return std::max(finest, std::min(exponent, format.emax) - format.stored_significand_bits);
}

// What is lost between zero and the smallest normal number where subnormals are flushed or absent.
double underflow_error(const Format& format, double magnitude) {
  if (format.family == FormatFamily::kFixed) return 0;
  if (format.flush_subnormals) return std::min(smallest_normal(format), magnitude);
  if (format.has_subnormals) return 0;
  const double gap = smallest_normal(format);
  if (is_nearest(format.rounding)) return gap / 2;
  return gap;
}

}  // namespace

double max_rounding_error(const Format& format, double magnitude) {
  HALFULP_ASSERT(magnitude >= 0);
  if (magnitude == 0) return 0;
  const int exponent = spacing_exponent(format, magnitude);
  double error = 0;
  if (is_nearest(format.rounding)) {
    error = power_of_two_up(exponent - 1);
  } else {
    error = power_of_two(exponent);
  }
  error = std::max(error, underflow_error(format, magnitude));
  // Zero is a value of every format, so that nearest and truncating modes never move x farther than
  // zero is.
  if (is_nearest(format.rounding) || format.rounding == RoundingMode::kTowardZero) {
    error = std::min(error, magnitude);
  }
  return error;
}

}  // namespace halfulp
