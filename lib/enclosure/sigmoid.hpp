// sigmoid(x) = 1 / (1 + exp(-x)) for MPFR numbers, MPFR_RNDD and MPFR_RNDU only: `result` bounds
// the exact value from below or above, to about an ulp of its precision. Exact at 0 and the
// infinities.
#pragma once

#include <mpfr.h>

namespace halfulp::detail {

int mpfr_sigmoid(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding);

}  // namespace halfulp::detail
