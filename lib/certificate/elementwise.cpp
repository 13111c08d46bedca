#include "elementwise.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp::certificate {
namespace {

constexpr int kPieces = 32;  // of a range over which a smooth function is enclosed piece by piece

bool has_kink_at_zero(const UnaryForm& form, double leak, double& before) {
  switch (form.kind) {
    case UnaryKind::kRelu: before = 0; return true;
    case UnaryKind::kLeakyRelu: before = leak; return true;
    case UnaryKind::kAbs: before = -1; return true;
    default: return false;
  }
}

std::vector<double> kinks(const UnaryForm& form) {
  switch (form.kind) {
    case UnaryKind::kNeg: return {};
    case UnaryKind::kHardtanh: return {form.low, form.high};
    default: return {0.0};
  }
}

bool is_piecewise_linear(const UnaryForm& form) {
  double before = 0;
  return form.kind == UnaryKind::kNeg || form.kind == UnaryKind::kHardtanh || has_kink_at_zero(form, 0, before);
}

// Derivative of a smooth f over x.
M derivative(const UnaryForm& form, const M& x) {
  const M everything(-HUGE_VAL, HUGE_VAL);
  switch (form.kind) {
    case UnaryKind::kTanh: return max(M(1.0) - square(tanh(x)), M(0.0));
    case UnaryKind::kSigmoid: return max(M(0.25) - square(sigmoid(x) - M(0.5)), M(0.0));  // s (1 - s) = 1/4 - (s - 1/2)^2
    case UnaryKind::kExp: return exp(x);
    case UnaryKind::kLog: return lower(x) > 0 ? M(1.0) / x : everything;
    case UnaryKind::kSqrt: return lower(x) > 0 ? M(0.5) / sqrt(x) : M(0.0, HUGE_VAL);
    case UnaryKind::kPower: return form.exponent == 0 ? M(0.0) : M(static_cast<double>(form.exponent)) * power(x, form.exponent - 1);
    case UnaryKind::kSin: return cos(x);
    case UnaryKind::kCos: return -sin(x);
    case UnaryKind::kAtan: return M(1.0) / (M(1.0) + square(x));
    case UnaryKind::kErf: return erf_derivative(x);
    default: return everything;
  }
}

// Chord of the function with slopes `before` and 1 around 0, between the points p and q; `both_zero` where they meet in 0.
M kinked_chord(double before, const M& p, const M& q, double both_zero) {
  if (is_zero(p) && is_zero(q)) return {both_zero};
  if (not_negative(p) && not_negative(q)) return {1.0};
  if (not_positive(p) && not_positive(q)) return {before};
  const M positive = max(p, q), negative = min(p, q);
  const M chord = (positive - M(before) * negative) / (positive - negative);
  return intersect(chord, M(std::min(before, 1.0), std::max(before, 1.0)));
}

}  // namespace

M low_end(const M& x) {
  M result = x;
  result.hi = x.lo;
  return result;
}

M high_end(const M& x) {
  M result = x;
  result.lo = x.hi;
  return result;
}

M value(const UnaryForm& form, const M& leak, const M& x) {
  switch (form.kind) {
    case UnaryKind::kNeg: return -x;
    case UnaryKind::kAbs: return abs(x);
    case UnaryKind::kRelu: return max(x, M(0.0));
    case UnaryKind::kLeakyRelu:
      if (not_negative(x)) return x;
      if (not_positive(x)) return x * leak;
      return hull(max(x, M(0.0)), min(x, M(0.0)) * leak);
    case UnaryKind::kHardtanh: return min(max(x, M(form.low)), M(form.high));
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
  return {-HUGE_VAL, HUGE_VAL};
}

// A function with one kink is convex or concave: its chord slope is monotone in both points, so that the chords of the lowest and
// of the highest pair enclose all others.
M chords(const UnaryForm& form, double leak, const M& real, const M& deployed) {
  double before = 0, line = 0;
  const M both = hull(real, deployed);
  if (is_line(form, leak, both, line)) return {line};
  if (has_kink_at_zero(form, leak, before)) {
    if (!is_bounded(both)) return {std::min(before, 1.0), std::max(before, 1.0)};
    return hull(kinked_chord(before, low_end(real), low_end(deployed), before), kinked_chord(before, high_end(real), high_end(deployed), 1));
  }
  if (form.kind == UnaryKind::kHardtanh) return {0.0, 1.0};
  return derivative(form, both);
}

M offset(const UnaryForm& form, double leak, double slope, const M& range) {
  if (is_piecewise_linear(form)) {
    const auto at = [&](const M& x) { return value(form, M(leak), x) - M(slope) * x; };
    M bounds = hull(at(low_end(range)), at(high_end(range)));
    for (const double kink : kinks(form)) {
      if (contains(range, kink)) bounds = hull(bounds, at(M(kink)));
    }
    return bounds;
  }
  // On each piece around its middle m: f(m) - s m + (f'(piece) - s) (piece - m), by the mean value theorem.
  M bounds(HUGE_VAL, -HUGE_VAL);
  const M low = low_end(range), step = (high_end(range) - low) / M(kPieces);
  for (int k = 0; k < kPieces; ++k) {
    const M first = low + step * M(k), last = k + 1 == kPieces ? high_end(range) : low + step * M(k + 1);
    const M piece = hull(first, last), middle = M(midpoint(piece));
    const M plain = value(form, M(leak), piece) - M(slope) * piece;
    const M around = value(form, M(leak), middle) - M(slope) * middle + (derivative(form, piece) - M(slope)) * (piece - middle);
    const M best = contains(piece, midpoint(piece)) ? intersect(plain, around) : plain;
    bounds = k == 0 ? best : hull(bounds, best);
  }
  return bounds;
}

bool is_line(const UnaryForm& form, double leak, const M& range, double& slope) {
  double before = 0;
  if (form.kind == UnaryKind::kNeg) slope = -1;
  else if (has_kink_at_zero(form, leak, before) && not_negative(range)) slope = 1;
  else if (has_kink_at_zero(form, leak, before) && not_positive(range)) slope = before;
  else if (form.kind == UnaryKind::kHardtanh && (upper(range) <= form.low || lower(range) >= form.high)) slope = 0;
  else if (form.kind == UnaryKind::kHardtanh && lower(range) >= form.low && upper(range) <= form.high) slope = 1;
  else return false;
  return true;
}

}  // namespace halfulp::certificate
