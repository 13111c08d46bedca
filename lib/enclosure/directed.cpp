// The rare cases of directed double arithmetic: overflow, infinities, division, and residuals that
// could underflow. There the exact result is compared with the rounded one after scaling both
// operands into [1, 2).
#include "halfulp/enclosure/interval.hpp"

namespace halfulp {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<double>::max();

double step(double rounded, double error_sign, bool up) {
  if (up) return error_sign > 0 ? next_up(rounded) : rounded;
  return error_sign < 0 ? next_down(rounded) : rounded;
}

// The rounded result of finite operands is infinite: the bound on the near side is the largest
// double.
double overflowed(double rounded, bool up) {
  if (rounded > 0) return up ? kInfinity : kLargest;
  return up ? -kLargest : -kInfinity;
}

// Sign of (exact - rounded), where exact = scaled + residual (scaled the nearest double) and
// rounded is on the scale of 2^exponent. Rounding is monotone, so scaled != rounded decides; else
// the residual does.
double compare(double scaled, double residual, double rounded, int exponent) {
  const double target = std::ldexp(rounded, -exponent);
  return scaled != target ? scaled - target : residual;
}

double divide(double a, double b, bool up) {
  const double quotient = a / b;
  if (b == 0 || std::isnan(quotient)) return up ? kInfinity : -kInfinity;
  if (a == 0 || std::isinf(a) || std::isinf(b)) return quotient;
  if (std::isinf(quotient)) return overflowed(quotient, up);
  const int exponent_a = std::ilogb(a);
  const int exponent_b = std::ilogb(b);
  const double x = std::scalbn(a, -exponent_a);
  const double y = std::scalbn(b, -exponent_b);
  const double scaled = x / y;
  const double residual = std::fma(-scaled, y, x);
  return step(quotient,
              compare(scaled, y > 0 ? residual : -residual, quotient, exponent_a - exponent_b), up);
}

}  // namespace

namespace detail {

double add_special(double a, double b, double sum, bool up) {
  if (std::isnan(sum)) return up ? kInfinity : -kInfinity;
  return std::isinf(a) || std::isinf(b) ? sum : overflowed(sum, up);
}

double mul_special(double a, double b, double product, bool up) {
  if (a == 0 || b == 0) return 0;
  if (std::isinf(a) || std::isinf(b)) return product;
  if (std::isinf(product)) return overflowed(product, up);
  const int exponent_a = std::ilogb(a);
  const int exponent_b = std::ilogb(b);
  const double x = std::scalbn(a, -exponent_a);
  const double y = std::scalbn(b, -exponent_b);
  const double scaled = x * y;
  return step(product, compare(scaled, std::fma(x, y, -scaled), product, exponent_a + exponent_b),
              up);
}

}  // namespace detail

double div_down(double a, double b) { return divide(a, b, false); }
double div_up(double a, double b) { return divide(a, b, true); }

}  // namespace halfulp
