// Elementary functions of Interval: both endpoints by MPFR, rounded outward. All are monotone but sine and cosine, which reach
// their extremes at multiples of pi / 2.
#include "halfulp/enclosure/interval.hpp"
#include "mp_double.hpp"
#include "periodic.hpp"
#include "sigmoid.hpp"

namespace halfulp {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Interval increasing(detail::MpfrFunction f, const Interval& a) {
  return {detail::directed(f, a.lo, MPFR_RNDD), detail::directed(f, a.hi, MPFR_RNDU)};
}

// sine or cosine, whose largest value 1 lies at `top` quarter turns and the smallest two quarters further.
Interval periodic(detail::MpfrFunction f, const Interval& a, int top) {
  if (a.lo == a.hi && std::isfinite(a.lo)) return increasing(f, a);
  MPFR_DECL_INIT(lo, detail::kDoublePrecision);
  MPFR_DECL_INIT(hi, detail::kDoublePrecision);
  mpfr_set_d(lo, a.lo, MPFR_RNDN);
  mpfr_set_d(hi, a.hi, MPFR_RNDN);
  const bool reaches_top = detail::may_reach_quarter(lo, hi, top), reaches_bottom = detail::may_reach_quarter(lo, hi, top + 2);
  Interval result(-1, 1);
  if (!reaches_bottom) result.lo = std::min(detail::directed(f, a.lo, MPFR_RNDD), detail::directed(f, a.hi, MPFR_RNDD));
  if (!reaches_top) result.hi = std::max(detail::directed(f, a.lo, MPFR_RNDU), detail::directed(f, a.hi, MPFR_RNDU));
  return result;
}

double power_directed(double x, long exponent, mpfr_rnd_t rounding) {
  MPFR_DECL_INIT(value, detail::kDoublePrecision);
  mpfr_set_d(value, x, MPFR_RNDN);
  mpfr_pow_si(value, value, exponent, rounding);
  return mpfr_get_d(value, rounding);
}

// sqrt with the sign of x - s^2 deciding; x is scaled away from residuals that underflow.
double sqrt_directed(double x, bool up) {
  if (x == 0 || x == kInfinity) return x;
  const bool tiny = x < detail::kExactResidual;
  const double scaled = tiny ? x * 0x1p200 : x;
  const double root = std::sqrt(scaled);
  const double residual = std::fma(-root, root, scaled);
  double bound = root;
  if (up && residual > 0) bound = next_up(root);
  if (!up && residual < 0) bound = next_down(root);
  return tiny ? bound * 0x1p-100 : bound;
}

}  // namespace

Interval power(const Interval& a, int exponent) {
  if (exponent == 0) return 1.0;
  if (exponent == 2) return square(a);
  if (exponent < 0 && a.lo <= 0 && a.hi >= 0) return {-kInfinity, kInfinity};
  const bool even = exponent % 2 == 0;
  Interval base = even ? abs(a) : a;
  if (exponent < 0) base = {base.hi, base.lo};
  return {power_directed(base.lo, exponent, MPFR_RNDD),
          power_directed(base.hi, exponent, MPFR_RNDU)};
}

Interval sqrt(const Interval& a) {
  return {sqrt_directed(std::max(a.lo, 0.0), false), sqrt_directed(std::max(a.hi, 0.0), true)};
}

Interval exp(const Interval& a) { return increasing(mpfr_exp, a); }
Interval tanh(const Interval& a) { return increasing(mpfr_tanh, a); }
Interval sigmoid(const Interval& a) { return increasing(detail::mpfr_sigmoid, a); }
Interval sin(const Interval& a) { return periodic(mpfr_sin, a, 1); }
Interval cos(const Interval& a) { return periodic(mpfr_cos, a, 0); }
Interval atan(const Interval& a) { return increasing(mpfr_atan, a); }
Interval erf(const Interval& a) { return increasing(mpfr_erf, a); }
Interval erf_derivative(const Interval& a) {
  const Interval m = abs(a);
  return {detail::directed(detail::mpfr_erf_derivative, m.hi, MPFR_RNDD), detail::directed(detail::mpfr_erf_derivative, m.lo, MPFR_RNDU)};
}
Interval log(const Interval& a) {
  return increasing(mpfr_log, {std::max(a.lo, 0.0), std::max(a.hi, 0.0)});
}

}  // namespace halfulp
