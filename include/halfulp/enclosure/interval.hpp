// Closed intervals [lo, hi] of doubles, outward: every operation returns an interval that holds all
// exact results for operands in its arguments. Infinite endpoints mean "unbounded"; an interval is
// never empty and never holds NaN (an operation that has no bounded answer, such as division by an
// interval around zero, returns [-inf, inf]). Operations compute in round-to-nearest and step
// outward by one ulp only where the result was inexact (TwoSum and FMA residuals), so exact results
// stay points.
#pragma once

#include <string>

#include "halfulp/support/result.hpp"

namespace halfulp {

struct Interval {
  double lo = 0;
  double hi = 0;
  constexpr Interval() = default;
  constexpr Interval(double point)
      : lo(point), hi(point) {}  // NOLINT: a double is a point interval
  constexpr Interval(double lower_bound, double upper_bound) : lo(lower_bound), hi(upper_bound) {}
  bool operator==(const Interval&) const = default;
};

// Directed scalar operations: the largest double <= (down) or the smallest double >= (up) the exact
// result. For use as interval endpoints, 0 * inf is 0 and an operation without a value (inf - inf,
// x / 0, inf / inf) is -inf (down) or inf (up).
double add_down(double a, double b);
double add_up(double a, double b);
double mul_down(double a, double b);
double mul_up(double a, double b);
double div_down(double a, double b);
double div_up(double a, double b);
double next_down(double x);
double next_up(double x);

Interval operator+(const Interval& a, const Interval& b);
Interval operator-(const Interval& a, const Interval& b);
Interval operator-(const Interval& a);
Interval operator*(const Interval& a, const Interval& b);
Interval operator/(const Interval& a, const Interval& b);
inline Interval& operator+=(Interval& a, const Interval& b) { return a = a + b; }

Interval hull(const Interval& a, const Interval& b);
// Intersection; asserts that it is not empty (both operands enclose the same values).
Interval intersect(const Interval& a, const Interval& b);
Interval abs(const Interval& a);
Interval max(const Interval& a, const Interval& b);
Interval min(const Interval& a, const Interval& b);
Interval square(const Interval& a);
Interval power(const Interval& a, int exponent);
Interval sqrt(const Interval& a);  // negative part of the argument is cut off
Interval exp(const Interval& a);
Interval log(const Interval& a);  // nonpositive part gives -inf
Interval tanh(const Interval& a);
Interval sigmoid(const Interval& a);  // 1 / (1 + exp(-x))
Interval sin(const Interval& a);   // radians
Interval cos(const Interval& a);
Interval atan(const Interval& a);
Interval erf(const Interval& a);  // 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x
Interval erf_derivative(const Interval& a);

// The same names for every enclosure type, so that rules are written once.
inline double lower(const Interval& a) { return a.lo; }
inline double upper(const Interval& a) { return a.hi; }
double magnitude(const Interval& a);  // max |x|
double mignitude(const Interval& a);  // min |x|
double width_up(const Interval& a);
double midpoint(const Interval& a);  // a double inside a (0 if unbounded)
inline bool contains(const Interval& a, double x) { return a.lo <= x && x <= a.hi; }
template <typename I>
I make_interval(double lo, double hi);
template <>
inline Interval make_interval<Interval>(double lo, double hi) {
  return {lo, hi};
}
// acc += a * b, and the cheaper form for an exact double b.
inline void add_product(Interval& acc, const Interval& a, const Interval& b) { acc = acc + a * b; }
void add_product(Interval& acc, const Interval& a, double b);

// Encloses a decimal number written by a person ("0.1", "-2.5e-3", "1/3" is not one), exactly when
// it is a double. Errors: E0105 not a finite decimal number.
Result<Interval> enclose_decimal(const std::string& text);

// The number itself: `nearest` + a rest that is enclosed to about 2^-53 of an ulp. Errors: as enclose_decimal.
struct DecimalPoint {
  double nearest = 0;
  Interval rest;
};
Result<DecimalPoint> read_decimal(const std::string& text);

}  // namespace halfulp

#include "halfulp/enclosure/interval_inline.hpp"
