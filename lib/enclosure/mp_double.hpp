// Functions of one double, evaluated by MPFR with a directed rounding and returned as a double in
// the same direction.
#pragma once

#include <mpfr.h>

namespace halfulp::detail {

inline constexpr mpfr_prec_t kDoublePrecision = 53;

using MpfrFunction = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

inline double directed(MpfrFunction f, double x, mpfr_rnd_t rounding) {
  MPFR_DECL_INIT(argument, kDoublePrecision);
  MPFR_DECL_INIT(value, kDoublePrecision);
  mpfr_set_d(argument, x, MPFR_RNDN);
  f(value, argument, rounding);
  return mpfr_get_d(value, rounding);
}

}  // namespace halfulp::detail
