// Error analysis, u = 2^-53. exp: k ln2_high is exact, so r carries at most 2u absolute error and
// the reduced argument |r| <= 0.36; the Taylor remainder of degree 13 is below 2^-57 and Horner's
// rule adds less than 4u. Hence exp and expm1 (on |x| <= 1/2, remainder of degree 16 below 2^-64)
// have relative error below 2^-49, and each further quotient or sum without cancellation at most
// doubles it. tanh takes 1 - exp(-2x) only where exp(-2x) <= 0.61, which at most doubles the
// relative error again. log: with m in [0.7, 1.42] the sum k ln2 + log(m) does not cancel below a
// quarter of its terms.
#include "quick_functions.hpp"

#include <cmath>

namespace halfulp::detail {
namespace {

constexpr double kLn2High = 0x1.62e42feep-1;  // 32 bits: times an integer below 2^21 is exact
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kLog2E = 0x1.71547652b82fep0;

// sum over k >= 1 of x^k / k!, to x^degree.
template <int degree>
double exponential_series(double x) {
  double sum = 1.0;
  for (int k = degree; k >= 2; --k) sum = 1.0 + sum * x / k;
  return sum * x;
}

double quick_exp(double x) {
  const double k = std::nearbyint(x * kLog2E);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  return std::ldexp(1.0 + exponential_series<13>(r), static_cast<int>(k));
}

double quick_tanh(double x) {
  const double m = std::fabs(x);
  if (m < 0.25) {
    const double t = exponential_series<16>(2 * m);
    return std::copysign(t / (2 + t), x);
  }
  const double e = quick_exp(-2 * m);
  return std::copysign((1 - e) / (1 + e), x);
}

// 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.172.
double quick_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0x1.6a09e6p-1) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  double sum = 0;
  for (int k = 25; k >= 3; k -= 2) sum = (sum + 1.0 / k) * s * s;
  const double series = 2 * s + 2 * s * sum;
  return exponent == 0 ? series : exponent * kLn2High + (series + exponent * kLn2Low);
}

}  // namespace

std::optional<double> quick_value(ElementaryFunction f, double x) {
  constexpr double kLeast = 0x1p-500;
  constexpr double kMost = 600;
  const double m = std::fabs(x);
  if (f == ElementaryFunction::kLog) {
    if (x >= kLeast && x <= 0x1p500 && x != 1) return quick_log(x);
    return std::nullopt;
  }
  if (f == ElementaryFunction::kSqrt) {
    if (x >= kLeast && x <= 0x1p500) return std::sqrt(x);
    return std::nullopt;
  }
  if (!(m >= kLeast && m <= kMost)) return std::nullopt;
  if (f == ElementaryFunction::kExp) return quick_exp(x);
  if (f == ElementaryFunction::kTanh) return quick_tanh(x);
  if (f == ElementaryFunction::kSigmoid) return 1 / (1 + quick_exp(-x));
  return std::nullopt;
}

}  // namespace halfulp::detail
