#include "halfulp/formats/round.hpp"

#include <cmath>
#include <limits>

#include "halfulp/support/assert.hpp"
#include "kernel.hpp"
#include "overflow.hpp"

namespace halfulp {
namespace {

// The multiple of the last place congruent to x modulo 2^width units, in the range of the format.
// Every step is exact: the terms are multiples of one last place below 2^53 of them.
double wrap(const Format& format, double x) {
  const double modulus = power_of_two(format.width_bits - format.fraction_bits);
  double rest = std::fmod(x, modulus);
  if (!format.is_signed) {
    if (rest < 0) rest += modulus;
  } else if (rest >= modulus / 2) {
    rest -= modulus;
  } else if (rest < -modulus / 2) {
    rest += modulus;
  }
  return rest == 0 ? 0.0 : rest;
}

}  // namespace

double round_special(const Format& format, double x) {
  if (std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
  return overflow_value(format, x < 0, true);
}

double round_overflow(const Format& format, double unbounded) {
  if (format.overflow == OverflowMode::kWrap) return wrap(format, unbounded);
  return overflow_value(format, unbounded < 0, false);
}

double round_to(const Format& format, double x, std::uint32_t random) {
  HALFULP_ASSERT(fits_double(format));
  const Grid grid = make_grid(format);
  return with_mode(format.rounding, [&]<RoundingMode mode>() {
    return round_on_grid<mode>(format, grid, x, random);
  });
}

}  // namespace halfulp
