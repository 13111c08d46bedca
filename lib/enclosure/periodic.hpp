// Where sine and cosine turn, and the derivative of the error function, for MPFR numbers.
#pragma once

#include <mpfr.h>

namespace halfulp::detail {

// Whether some point (quarter + 4 k) pi / 2, k any integer, may lie in [lo, hi]; false only if none does. True for numbers of 2^60
// and more.
bool may_reach_quarter(mpfr_srcptr lo, mpfr_srcptr hi, int quarter);

// 2 / sqrt(pi) exp(-x^2) for x >= 0, MPFR_RNDD and MPFR_RNDU only: bounds the exact value from below or above.
int mpfr_erf_derivative(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding);

}  // namespace halfulp::detail
