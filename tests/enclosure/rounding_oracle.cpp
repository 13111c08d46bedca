#include "enclosure/rounding_oracle.hpp"

#include <algorithm>

namespace halfulp::test {
namespace {

// The exponent of the format's last place around |x|.
long last_place(const Format& format, mpfr_srcptr x) {
  if (format.family == FormatFamily::kFixed) return -format.fraction_bits;
  const long exponent = std::max<long>(mpfr_get_exp(x) - 1, format.emin);
  return exponent - format.stored_significand_bits;
}

// Whether |x| = units + fraction goes to units + 1.
bool away_from_zero(const Format& format, mpfr_srcptr units, mpfr_srcptr fraction, bool sticky,
                    bool negative, std::uint32_t random) {
  const int half = mpfr_cmp_d(fraction, 0.5);
  const bool above_half = half > 0 || (half == 0 && sticky);
  const bool tie = half == 0 && !sticky;
  const bool inexact = sticky || !mpfr_zero_p(fraction);
  MpfrNumber parity(mpfr_get_prec(units));
  mpfr_div_2ui(parity, units, 1, MPFR_RNDN);
  const bool odd = !mpfr_integer_p(parity);
  switch (format.rounding) {
    case RoundingMode::kNearestEven:
      return above_half || (tie && odd);
    case RoundingMode::kNearestAway:
      return above_half || tie;
    case RoundingMode::kNearestZero:
      return above_half;
    case RoundingMode::kTowardZero:
      return false;
    case RoundingMode::kUp:
      return inexact && !negative;
    case RoundingMode::kDown:
      return inexact && negative;
    case RoundingMode::kOdd:
      return inexact && !odd;
    case RoundingMode::kStochastic:
      break;
  }
  if (!inexact) return false;
  MpfrNumber scaled(mpfr_get_prec(fraction));
  mpfr_mul_2ui(scaled, fraction, static_cast<unsigned long>(format.stochastic_bits), MPFR_RNDN);
  const std::uint64_t grid = std::uint64_t{1} << format.stochastic_bits;
  const std::uint64_t draw = random & (grid - 1);
  const std::uint64_t below = mpfr_get_ui(scaled, MPFR_RNDZ);
  if (!negative) return draw < below;
  const bool between = sticky || !mpfr_integer_p(scaled);
  return draw >=
         grid - below -
             (between ? 1
                      : 0);  // the distance from the lower neighbour, which is farther from zero
}

void saturate(mpfr_ptr x, const Format& format) {
  MpfrNumber bound(256);
  if (format.family == FormatFamily::kFloat) {
    mpfr_set_d(bound, largest(format), MPFR_RNDN);
  } else {
    mpfr_set_ui_2exp(bound, 1, format.width_bits - (format.is_signed ? 1 : 0), MPFR_RNDN);
    mpfr_sub_ui(bound, bound, mpfr_sgn(x) < 0 ? 0 : 1, MPFR_RNDN);
    mpfr_mul_2si(bound, bound, -format.fraction_bits, MPFR_RNDN);
    if (!format.is_signed && mpfr_sgn(x) < 0) mpfr_set_zero(bound, 1);
  }
  if (mpfr_cmpabs(x, bound) > 0) mpfr_copysign(x, bound, x, MPFR_RNDN);
}

void wrap(mpfr_ptr x, const Format& format) {
  MpfrNumber period(2);
  MpfrNumber half(2);
  const long bits = format.width_bits - format.fraction_bits;
  mpfr_set_ui_2exp(period, 1, bits, MPFR_RNDN);
  mpfr_set_ui_2exp(half, 1, bits - 1, MPFR_RNDN);
  mpfr_fmod(x, x, period, MPFR_RNDN);
  if (mpfr_sgn(x) < 0) mpfr_add(x, x, period, MPFR_RNDN);
  if (format.is_signed && mpfr_cmp(x, half) >= 0) mpfr_sub(x, x, period, MPFR_RNDN);
}

}  // namespace

void oracle_round(mpfr_ptr result, const Format& format, const RealNumber& x,
                  std::uint32_t random) {
  const bool negative = mpfr_signbit(static_cast<mpfr_srcptr>(x.value)) != 0;
  if (mpfr_zero_p(static_cast<mpfr_srcptr>(x.value)) && !x.inexact) {
    mpfr_set_zero(result, 1);
    return;
  }
  const mpfr_prec_t precision = mpfr_get_prec(x.value) + 64;
  const long place = last_place(format, x.value);
  MpfrNumber scaled(precision);
  MpfrNumber units(precision);
  MpfrNumber fraction(precision);
  mpfr_abs(scaled, x.value, MPFR_RNDN);
  mpfr_mul_2si(scaled, scaled, -place, MPFR_RNDN);
  mpfr_floor(units, scaled);
  mpfr_sub(fraction, scaled, units, MPFR_RNDN);
  if (away_from_zero(format, units, fraction, x.inexact, negative, random))
    mpfr_add_ui(units, units, 1, MPFR_RNDN);
  mpfr_mul_2si(units, units, place, MPFR_RNDN);
  if (negative) mpfr_neg(units, units, MPFR_RNDN);
  if (format.overflow == OverflowMode::kWrap)
    wrap(units, format);
  else
    saturate(units, format);
  mpfr_set(result, units, MPFR_RNDN);
}

void set_expansion(mpfr_ptr result, const Expansion& x) {
  mpfr_set_zero(result, 1);
  for (const double part : x.part) mpfr_add_d(result, result, part, MPFR_RNDN);
}

}  // namespace halfulp::test
