#include <cmath>

#include "halfulp/enclosure/correct_rounding.hpp"
#include "special_values.hpp"
#include "ziv.hpp"

namespace halfulp {

Expansion round_division(const Format& format, const Expansion& x, const Expansion& y,
                         std::uint32_t random) {
  const double a = x.part[0];
  const double b = y.part[0];
  const bool negative = std::signbit(a) != std::signbit(b);
  if (std::isnan(a) || std::isnan(b)) return detail::not_a_number();
  if ((std::isinf(a) && std::isinf(b)) || (a == 0 && b == 0)) return detail::not_a_number();
  if (std::isinf(a) || b == 0) return detail::infinity_of(format, negative);
  if (a == 0 || std::isinf(b)) return detail::zero_of(format, negative);

  const detail::ExactNumber dividend(x);
  const detail::ExactNumber divisor(y);
  // A quotient with a finite binary expansion has no more bits than the dividend: inexact here
  // means never a boundary.
  const mpfr_prec_t precision = std::max(detail::kFirstPrecision, mpfr_get_prec(dividend));
  return detail::round_by_ziv(format, random, precision,
                              [&](detail::Number& lo, detail::Number& hi) {
                                mpfr_div(lo, dividend, divisor, MPFR_RNDD);
                                mpfr_div(hi, dividend, divisor, MPFR_RNDU);
                              });
}

}  // namespace halfulp
