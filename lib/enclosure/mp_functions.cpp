// Elementary functions of MpInterval: both endpoints rounded outward at the working precision. All
// are monotone but sine and cosine.
#include "mp_float.hpp"
#include "periodic.hpp"
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

// sine or cosine, whose largest value 1 lies at `top` quarter turns and the smallest two quarters further.
template <typename Function>
MpInterval periodic(Function f, const MpInterval& a, int top) {
  const detail::Operand lo(a.lo), hi(a.hi);
  if (mpfr_equal_p(lo, hi) != 0 && mpfr_number_p(lo) != 0) return increasing(f, a);
  MpInterval result(-1.0, 1.0), at_lo, at_hi;
  const bool reaches_top = detail::may_reach_quarter(lo, hi, top), reaches_bottom = detail::may_reach_quarter(lo, hi, top + 2);
  if (reaches_top && reaches_bottom) return result;
  for (const auto& [end, at] : {std::pair(&a.lo, &at_lo), std::pair(&a.hi, &at_hi)}) {
    assign(at->lo, MPFR_RNDD, f, *end);
    assign(at->hi, MPFR_RNDU, f, *end);
  }
  const MpInterval ends = hull(at_lo, at_hi);
  if (!reaches_bottom) result.lo = ends.lo;
  if (!reaches_top) result.hi = ends.hi;
  return result;
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
MpInterval sin(const MpInterval& a) { return periodic(mpfr_sin, a, 1); }
MpInterval cos(const MpInterval& a) { return periodic(mpfr_cos, a, 0); }
MpInterval atan(const MpInterval& a) { return increasing(mpfr_atan, a); }
MpInterval erf(const MpInterval& a) { return increasing(mpfr_erf, a); }
MpInterval erf_derivative(const MpInterval& a) {
  const MpInterval m = abs(a);
  MpInterval r;
  assign(r.lo, MPFR_RNDD, detail::mpfr_erf_derivative, m.hi);
  assign(r.hi, MPFR_RNDU, detail::mpfr_erf_derivative, m.lo);
  return r;
}
MpInterval tanh(const MpInterval& a) { return increasing(mpfr_tanh, a); }
MpInterval sigmoid(const MpInterval& a) { return increasing(detail::mpfr_sigmoid, a); }

}  // namespace halfulp
