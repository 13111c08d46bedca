#include "periodic.hpp"

#include <algorithm>

namespace halfulp::detail {
namespace {

constexpr mpfr_prec_t kQuarterPrecision = 192;  // 60 bits before the point and a surplus after it

constexpr mpfr_prec_t kGuardBits = 24;

mpfr_rnd_t opposite(mpfr_rnd_t rounding) { return rounding == MPFR_RNDU ? MPFR_RNDD : MPFR_RNDU; }

// (x 2 / pi - quarter) / 4, bounded in the direction.
void turns(mpfr_ptr result, mpfr_srcptr x, int quarter, mpfr_rnd_t rounding) {
  MPFR_DECL_INIT(pi, kQuarterPrecision);
  mpfr_const_pi(pi, mpfr_sgn(x) > 0 ? opposite(rounding) : rounding);
  mpfr_mul_2ui(result, x, 1, rounding);
  mpfr_div(result, result, pi, rounding);
  mpfr_sub_si(result, result, quarter, rounding);
  mpfr_div_2ui(result, result, 2, rounding);
}

bool is_moderate(mpfr_srcptr x) { return mpfr_zero_p(x) != 0 || (mpfr_regular_p(x) != 0 && mpfr_get_exp(x) <= 60); }

}  // namespace

bool may_reach_quarter(mpfr_srcptr lo, mpfr_srcptr hi, int quarter) {
  if (!is_moderate(lo) || !is_moderate(hi)) return true;
  MPFR_DECL_INIT(first, kQuarterPrecision);
  MPFR_DECL_INIT(last, kQuarterPrecision);
  turns(first, lo, quarter, MPFR_RNDD);
  turns(last, hi, quarter, MPFR_RNDU);
  mpfr_ceil(first, first);
  mpfr_floor(last, last);
  return mpfr_lessequal_p(first, last) != 0;
}

int mpfr_erf_derivative(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding) {
  mpfr_t factor, value;
  mpfr_inits2(mpfr_get_prec(result) + kGuardBits, factor, value, nullptr);
  mpfr_const_pi(factor, opposite(rounding));
  mpfr_sqrt(factor, factor, opposite(rounding));
  mpfr_ui_div(factor, 2, factor, rounding);
  mpfr_sqr(value, x, opposite(rounding));
  mpfr_neg(value, value, MPFR_RNDN);
  mpfr_exp(value, value, rounding);
  mpfr_mul(value, value, factor, rounding);
  const int inexact = mpfr_set(result, value, rounding);
  mpfr_clears(factor, value, nullptr);
  return inexact;
}

}  // namespace halfulp::detail
