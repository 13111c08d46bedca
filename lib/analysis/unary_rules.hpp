// Enclosures of the element-wise functions: their values over a range and their slopes between two points of it. Written
// once for every enclosure type.
#pragma once

#include <algorithm>

#include "halfulp/enclosure/mp_interval.hpp"
#include "halfulp/operators/form.hpp"

namespace halfulp {

inline double slope_of(const UnaryForm& form, std::size_t element) {
  return form.slope.size() == 1 ? form.slope[0] : form.slope[element];
}

// f over x, x an enclosure; `slope` is the leaky slope of the element.
template <typename I>
I unary_value(const UnaryForm& form, double slope, const I& x) {
  switch (form.kind) {
    case UnaryKind::kNeg: return -x;
    case UnaryKind::kAbs: return abs(x);
    case UnaryKind::kRelu: return max(x, I(0.0));
    case UnaryKind::kLeakyRelu: {
      const I positive = max(x, I(0.0)), negative = min(x, I(0.0)) * I(slope);
      if (lower(x) >= 0) return positive;
      if (upper(x) <= 0) return negative;
      return hull(positive, negative);
    }
    case UnaryKind::kHardtanh: return min(max(x, I(form.low)), I(form.high));
    case UnaryKind::kTanh: return tanh(x);
    case UnaryKind::kSigmoid: return sigmoid(x);
    case UnaryKind::kExp: return exp(x);
    case UnaryKind::kLog: return log(x);
    case UnaryKind::kSqrt: return sqrt(x);
    case UnaryKind::kPower: return power(x, form.exponent);
    case UnaryKind::kSin: return sin(x);
    case UnaryKind::kCos: return cos(x);
    case UnaryKind::kAtan: return atan(x);
    case UnaryKind::kErf: return erf(x);
  }
  return make_interval<I>(-HUGE_VAL, HUGE_VAL);
}

// Encloses (f(a) - f(b)) / (a - b) for all a != b in x: the derivative over x (mean value theorem), one-sided at kinks.
template <typename I>
I unary_slope(const UnaryForm& form, double slope, const I& x) {
  const auto between = [](double a, double b) { return make_interval<I>(std::min(a, b), std::max(a, b)); };
  switch (form.kind) {
    case UnaryKind::kNeg: return I(-1.0);
    case UnaryKind::kAbs: return lower(x) >= 0 ? I(1.0) : upper(x) <= 0 ? I(-1.0) : between(-1, 1);
    case UnaryKind::kRelu: return lower(x) >= 0 ? I(1.0) : upper(x) <= 0 ? I(0.0) : between(0, 1);
    case UnaryKind::kLeakyRelu: return lower(x) >= 0 ? I(1.0) : upper(x) <= 0 ? I(slope) : between(slope, 1);
    case UnaryKind::kHardtanh:
      if (upper(x) <= form.low || lower(x) >= form.high) return I(0.0);
      return lower(x) >= form.low && upper(x) <= form.high ? I(1.0) : between(0, 1);
    case UnaryKind::kTanh: return max(I(1.0) - square(tanh(x)), I(0.0));
    case UnaryKind::kSigmoid: {
      const I s = sigmoid(x);  // s (1 - s) = 1/4 - (s - 1/2)^2
      return max(I(0.25) - square(s - I(0.5)), I(0.0));
    }
    case UnaryKind::kExp: return exp(x);
    case UnaryKind::kLog: return lower(x) > 0 ? I(1.0) / x : make_interval<I>(-HUGE_VAL, HUGE_VAL);
    case UnaryKind::kSqrt: return lower(x) > 0 ? I(0.5) / sqrt(x) : make_interval<I>(0.0, HUGE_VAL);
    case UnaryKind::kPower:
      if (form.exponent == 0) return I(0.0);
      return I(static_cast<double>(form.exponent)) * power(x, form.exponent - 1);
    case UnaryKind::kSin: return cos(x);
    case UnaryKind::kCos: return -sin(x);
    case UnaryKind::kAtan: return I(1.0) / (I(1.0) + square(x));
    case UnaryKind::kErf: return erf_derivative(x);
  }
  return make_interval<I>(-HUGE_VAL, HUGE_VAL);
}

}  // namespace halfulp
