#include "chord.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp {
namespace {

// Slope on the left and on the right of the kink at 0, if the function has just that one.
bool one_kink(const UnaryForm& form, double slope, double& before, double& after) {
  after = 1;
  switch (form.kind) {
    case UnaryKind::kRelu: before = 0; return true;
    case UnaryKind::kLeakyRelu: before = slope; return true;
    case UnaryKind::kAbs: before = -1; return true;
    default: return false;
  }
}

// Encloses the chord slope between p and q; `at_zero` is taken where both are 0.
Interval chord(double before, double after, double p, double q, double at_zero) {
  if (p == 0 && q == 0) return {at_zero};
  if (p >= 0 && q >= 0) return {after};
  if (p <= 0 && q <= 0) return {before};
  const Interval positive(std::max(p, q)), negative(std::min(p, q));
  return (Interval(after) * positive - Interval(before) * negative) / (positive - negative);
}

}  // namespace

template <typename I>
I chord_slopes(const UnaryForm& form, double slope, const I& real, const I& deployed) {
  double before = 0, after = 1;
  const Interval a = to_double(real), b = to_double(deployed);
  if (!one_kink(form, slope, before, after) || !std::isfinite(a.lo + a.hi + b.lo + b.hi)) {
    return unary_slope(form, slope, hull(real, deployed));
  }
  // Convex if before <= after, concave otherwise: then the lowest pair has the largest slope.
  const Interval lowest_pair = chord(before, after, a.lo, b.lo, before);
  const Interval highest_pair = chord(before, after, a.hi, b.hi, after);
  const Interval both = hull(lowest_pair, highest_pair);
  return make_interval<I>(both.lo, both.hi);
}

SlopeSplit split_slope(const UnaryForm& form, double slope, const Interval& chords, const Interval& real, const Interval& error) {
  SlopeSplit split;
  split.lambda = midpoint(chords);
  double before = 0, after = 1;
  const bool kinked = one_kink(form, slope, before, after) && before <= after;
  if (!kinked || !(error.lo < error.hi)) {
    split.rest = (chords - Interval(split.lambda)) * error;
    return split;
  }
  const double v = midpoint(real);
  const auto value = [&](double x) { return x >= 0 ? after * x : before * x; };
  const double along = (value(v + error.hi) - value(v + error.lo)) / (error.hi - error.lo);
  if (std::isfinite(along)) split.lambda = std::clamp(along, chords.lo, chords.hi);
  split.rest = (chords - Interval(split.lambda)) * error;
  // For fixed v the rest is convex in e: largest at an end, smallest at an end or at the kink e = -v.
  const auto rest_at = [&](const Interval& e) {
    return unary_value(form, slope, real + e) - unary_value(form, slope, real) - Interval(split.lambda) * e;
  };
  const Interval low = rest_at(Interval(error.lo)), high = rest_at(Interval(error.hi));
  Interval convex(std::min(low.lo, high.lo), std::max(low.hi, high.hi));
  if (real.lo + error.lo <= 0 && real.hi + error.hi >= 0) {
    convex.lo = std::min(convex.lo, (Interval(split.lambda) * real - unary_value(form, slope, real)).lo);
  }
  split.rest = intersect(split.rest, convex);
  return split;
}

template Interval chord_slopes(const UnaryForm&, double, const Interval&, const Interval&);
template MpInterval chord_slopes(const UnaryForm&, double, const MpInterval&, const MpInterval&);

}  // namespace halfulp
