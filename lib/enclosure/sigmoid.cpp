#include "sigmoid.hpp"

namespace halfulp::detail {

int mpfr_sigmoid(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding) {
  constexpr mpfr_prec_t kGuardBits = 27;
  const mpfr_rnd_t opposite = rounding == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD;
  const mpfr_prec_t precision =
      mpfr_get_prec(x) > mpfr_get_prec(result) ? mpfr_get_prec(x) : mpfr_get_prec(result);
  mpfr_t denominator;
  mpfr_init2(denominator, precision + kGuardBits);
  mpfr_neg(denominator, x, opposite);
  mpfr_exp(denominator, denominator, opposite);
  mpfr_add_ui(denominator, denominator, 1, opposite);
  const int ternary = mpfr_ui_div(result, 1, denominator, rounding);
  mpfr_clear(denominator);
  return ternary;
}

}  // namespace halfulp::detail
