// Elementary functions of MpInterval: both endpoints rounded outward at the working precision. All
// are monotone.
#include "mp_float.hpp"
#include "sigmoid.hpp"

namespace halfulp {

using detail::assign;
using detail::sign;

namespace {

template <typename Function>
MpInterval increasing(Function f, const MpInterval& a) {
  MpInterval r;
  assign(r.lo, MPFR_RNDD, f, a.lo);
  assign(r.hi, MPFR_RNDU, f, a.hi);
  return r;
}

// [0, inf) intersected with a; [0, 0] where that is empty.
MpInterval nonnegative(MpInterval a) {
  if (sign(a.lo) <= 0) a.lo = MpFloat{};
  if (sign(a.hi) <= 0) a.hi = MpFloat{};
  return a;
}

}  // namespace

MpInterval square(const MpInterval& a) { return increasing(mpfr_sqr, abs(a)); }

MpInterval power(const MpInterval& a, int exponent) {
  if (exponent == 0) return 1.0;
  if (exponent < 0 && sign(a.lo) <= 0 && sign(a.hi) >= 0) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return {-kInfinity, kInfinity};
  }
  MpInterval base = exponent % 2 == 0 ? abs(a) : a;
  if (exponent < 0) std::swap(base.lo, base.hi);
  const auto raise = [exponent](mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding) {
    return mpfr_pow_si(result, x, exponent, rounding);
  };
  return increasing(raise, base);
}

MpInterval sqrt(const MpInterval& a) { return increasing(mpfr_sqrt, nonnegative(a)); }
MpInterval exp(const MpInterval& a) { return increasing(mpfr_exp, a); }
MpInterval log(const MpInterval& a) { return increasing(mpfr_log, nonnegative(a)); }
MpInterval tanh(const MpInterval& a) { return increasing(mpfr_tanh, a); }
MpInterval sigmoid(const MpInterval& a) { return increasing(detail::mpfr_sigmoid, a); }

}  // namespace halfulp
