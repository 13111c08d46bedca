#include "enclosure/operations.hpp"

#include "enclosure/mpfr_number.hpp"

namespace halfulp::test {
namespace {

bool everywhere(double, double) { return true; }
bool nonzero_divisor(double, double y) { return y != 0; }
bool nonzero(double x, double) { return x != 0; }
bool nonnegative(double x, double) { return x >= 0; }
bool positive(double x, double) { return x > 0; }

// With twenty guard bits every step may err by a unit and the directed result still brackets the
// exact value.
void sigmoid_value(mpfr_ptr result, mpfr_srcptr x, mpfr_srcptr, mpfr_rnd_t rounding) {
  const mpfr_rnd_t opposite = rounding == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD;
  MpfrNumber t(mpfr_get_prec(result));
  mpfr_neg(t, x, MPFR_RNDN);
  mpfr_exp(t, t, opposite);
  mpfr_add_ui(t, t, 1, opposite);
  mpfr_ui_div(result, 1, t, rounding);
}

void erf_derivative_value(mpfr_ptr result, mpfr_srcptr x, mpfr_srcptr, mpfr_rnd_t rounding) {
  const mpfr_rnd_t opposite = rounding == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD;
  MpfrNumber t(mpfr_get_prec(result));
  mpfr_sqr(t, x, opposite);
  mpfr_neg(t, t, MPFR_RNDN);
  mpfr_exp(result, t, rounding);
  mpfr_const_pi(t, opposite);
  mpfr_rec_sqrt(t, t, rounding);
  mpfr_mul(result, result, t, rounding);
  mpfr_mul_2ui(result, result, 1, rounding);
}

#define BINARY(symbol) [](const auto& a, const auto& b) { return a symbol b; }
#define UNARY(call) [](const auto& a, const auto&) { return call; }
#define BINARY_EXACT(function) \
  [](mpfr_ptr r, mpfr_srcptr x, mpfr_srcptr y, mpfr_rnd_t d) { function(r, x, y, d); }
#define UNARY_EXACT(function) \
  [](mpfr_ptr r, mpfr_srcptr x, mpfr_srcptr, mpfr_rnd_t d) { function(r, x, d); }
#define POWER_EXACT(n) \
  [](mpfr_ptr r, mpfr_srcptr x, mpfr_srcptr, mpfr_rnd_t d) { mpfr_pow_si(r, x, n, d); }

const Operation kOperations[] = {
    {"add", BINARY(+), BINARY(+), BINARY_EXACT(mpfr_add), everywhere},
    {"subtract", BINARY(-), BINARY(-), BINARY_EXACT(mpfr_sub), everywhere},
    {"multiply", BINARY(*), BINARY(*), BINARY_EXACT(mpfr_mul), everywhere},
    {"divide", BINARY(/), BINARY(/), BINARY_EXACT(mpfr_div), nonzero_divisor},
    {"negate", UNARY(-a), UNARY(-a), UNARY_EXACT(mpfr_neg), everywhere},
    {"abs", UNARY(abs(a)), UNARY(abs(a)), UNARY_EXACT(mpfr_abs), everywhere},
    {"maximum", [](const auto& a, const auto& b) { return max(a, b); },
     [](const auto& a, const auto& b) { return max(a, b); }, BINARY_EXACT(mpfr_max), everywhere},
    {"minimum", [](const auto& a, const auto& b) { return min(a, b); },
     [](const auto& a, const auto& b) { return min(a, b); }, BINARY_EXACT(mpfr_min), everywhere},
    {"square", UNARY(square(a)), UNARY(square(a)), UNARY_EXACT(mpfr_sqr), everywhere},
    {"power 3", UNARY(power(a, 3)), UNARY(power(a, 3)), POWER_EXACT(3), everywhere},
    {"power 4", UNARY(power(a, 4)), UNARY(power(a, 4)), POWER_EXACT(4), everywhere},
    {"power -1", UNARY(power(a, -1)), UNARY(power(a, -1)), POWER_EXACT(-1), nonzero},
    {"power -2", UNARY(power(a, -2)), UNARY(power(a, -2)), POWER_EXACT(-2), nonzero},
    {"sqrt", UNARY(sqrt(a)), UNARY(sqrt(a)), UNARY_EXACT(mpfr_sqrt), nonnegative},
    {"exp", UNARY(exp(a)), UNARY(exp(a)), UNARY_EXACT(mpfr_exp), everywhere},
    {"log", UNARY(log(a)), UNARY(log(a)), UNARY_EXACT(mpfr_log), positive},
    {"tanh", UNARY(tanh(a)), UNARY(tanh(a)), UNARY_EXACT(mpfr_tanh), everywhere},
    {"sin", UNARY(sin(a)), UNARY(sin(a)), UNARY_EXACT(mpfr_sin), everywhere},
    {"cos", UNARY(cos(a)), UNARY(cos(a)), UNARY_EXACT(mpfr_cos), everywhere},
    {"atan", UNARY(atan(a)), UNARY(atan(a)), UNARY_EXACT(mpfr_atan), everywhere},
    {"erf", UNARY(erf(a)), UNARY(erf(a)), UNARY_EXACT(mpfr_erf), everywhere},
    {"derivative of erf", UNARY(erf_derivative(a)), UNARY(erf_derivative(a)), erf_derivative_value, everywhere},
    {"sigmoid", UNARY(sigmoid(a)), UNARY(sigmoid(a)), sigmoid_value, everywhere},
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }

}  // namespace halfulp::test
