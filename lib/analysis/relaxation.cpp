#include "relaxation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "unary_rules.hpp"

namespace halfulp {
namespace {

Relaxation constant_bounds(const UnaryForm& form, double slope, const Interval& range) {
  const Interval value = unary_value(form, slope, range);
  return {.lower_slope = 0, .lower_intercept = value.lo, .upper_slope = 0, .upper_intercept = value.hi};
}

// f - s x at a point.
Interval offset(const UnaryForm& form, double leaky, double s, double x) {
  return unary_value(form, leaky, Interval(x)) - Interval(s) * Interval(x);
}

// Chord slope between l and u, in plain arithmetic: only a choice.
double chord(const UnaryForm& form, double leaky, const Interval& range) {
  const Interval at_l = unary_value(form, leaky, Interval(range.lo)), at_u = unary_value(form, leaky, Interval(range.hi));
  const double s = (midpoint(at_u) - midpoint(at_l)) / (range.hi - range.lo);
  return std::isfinite(s) ? s : 0;
}

// ---- piecewise linear -------------------------------------------------------------------------------------------------

std::vector<double> kinks(const UnaryForm& form) {
  switch (form.kind) {
    case UnaryKind::kHardtanh: return {form.low, form.high};
    case UnaryKind::kNeg: return {};
    default: return {0.0};
  }
}

Relaxation with_slopes(const UnaryForm& form, double leaky, const Interval& range, double lower_slope, double upper_slope) {
  std::vector<double> points = {range.lo, range.hi};
  for (const double kink : kinks(form)) {
    if (kink > range.lo && kink < range.hi) points.push_back(kink);
  }
  Relaxation result{.lower_slope = lower_slope, .lower_intercept = HUGE_VAL, .upper_slope = upper_slope,
                    .upper_intercept = -HUGE_VAL};
  for (const double x : points) {
    result.lower_intercept = std::min(result.lower_intercept, offset(form, leaky, lower_slope, x).lo);
    result.upper_intercept = std::max(result.upper_intercept, offset(form, leaky, upper_slope, x).hi);
  }
  return result;
}

// One kink with slope `before` on its left and `after` on its right.
Relaxation one_kink(const UnaryForm& form, double leaky, const Interval& range, double before, double after, double alpha) {
  const double along = chord(form, leaky, range);
  const double nearer = range.hi > -range.lo ? after : before;
  const double free = alpha < 0 ? nearer : before + alpha * (after - before);
  return before <= after ? with_slopes(form, leaky, range, free, along) : with_slopes(form, leaky, range, along, free);
}

Relaxation relax_hardtanh(const UnaryForm& form, const Interval& range) {
  const bool low_inside = range.lo < form.low, high_inside = range.hi > form.high;
  const double upper = low_inside ? (high_inside ? (form.high - form.low) / (form.high - range.lo) : chord(form, 0, range))
                                  : (range.hi - form.high > form.high - range.lo ? 0.0 : 1.0);
  const double lower = high_inside ? (low_inside ? (form.high - form.low) / (range.hi - form.low) : chord(form, 0, range))
                                   : (range.hi - form.low > form.low - range.lo ? 1.0 : 0.0);
  return with_slopes(form, 0, range, lower, upper);
}

// ---- smooth ------------------------------------------------------------------------------------------------------------

// sup over x in `part` of (f - s x) by the tangent at d, f concave on `part` (inf for convex: mirrored by the caller).
Interval tangent_offset(const UnaryForm& form, double s, double d, const Interval& part) {
  const Interval derivative = unary_slope(form, 0, Interval(d));
  return offset(form, 0, s, d) + (derivative - Interval(s)) * (part - Interval(d));
}

// Upper intercept for slope s: convex part bounded at its ends, concave part by the tangent at d.
double upper_intercept(const UnaryForm& form, double s, double d, const Interval* convex, const Interval* concave) {
  double bound = -HUGE_VAL;
  if (convex != nullptr) bound = std::max({bound, offset(form, 0, s, convex->lo).hi, offset(form, 0, s, convex->hi).hi});
  if (concave != nullptr) bound = std::max(bound, tangent_offset(form, s, d, *concave).hi);
  return bound;
}

double lower_intercept(const UnaryForm& form, double s, double d, const Interval* convex, const Interval* concave) {
  double bound = HUGE_VAL;
  if (concave != nullptr) bound = std::min({bound, offset(form, 0, s, concave->lo).lo, offset(form, 0, s, concave->hi).lo});
  if (convex != nullptr) bound = std::min(bound, tangent_offset(form, s, d, *convex).lo);
  return bound;
}

// Plain double arithmetic: slopes and touching points are only choices, the intercepts are proved for whatever was chosen.
double plain_value(const UnaryForm& form, double x) {
  switch (form.kind) {
    case UnaryKind::kTanh: return std::tanh(x);
    case UnaryKind::kSigmoid: return 1 / (1 + std::exp(-x));
    case UnaryKind::kExp: return std::exp(x);
    case UnaryKind::kLog: return std::log(x);
    case UnaryKind::kSqrt: return std::sqrt(x);
    default: return std::pow(x, form.exponent);
  }
}

double plain_slope(const UnaryForm& form, double x) {
  const double y = plain_value(form, x);
  switch (form.kind) {
    case UnaryKind::kTanh: return 1 - y * y;
    case UnaryKind::kSigmoid: return y * (1 - y);
    case UnaryKind::kExp: return y;
    case UnaryKind::kLog: return 1 / x;
    case UnaryKind::kSqrt: return 0.5 / y;
    default: return form.exponent * std::pow(x, form.exponent - 1);
  }
}

// The point d between `from` and `to` where the tangent passes through (anchor, f(anchor)), by bisection; `to` if none.
double tangent_point(const UnaryForm& form, double anchor, double from, double to) {
  const double value = plain_value(form, anchor);
  const auto gap = [&](double d) { return plain_value(form, d) + plain_slope(form, d) * (anchor - d) - value; };
  const double at_to = gap(to);
  double near = from, far = to;
  if ((gap(from) < 0) == (at_to < 0)) return to;
  for (int step = 0; step < 30; ++step) {
    const double middle = 0.5 * (near + far);
    ((gap(middle) < 0) == (at_to < 0) ? far : near) = middle;
  }
  return far;
}

Relaxation relax_one_curvature(const UnaryForm& form, const Interval& range, bool convex) {
  const double along = chord(form, 0, range);
  const double middle = midpoint(range), tangent = plain_slope(form, middle);
  if (!std::isfinite(tangent)) return constant_bounds(form, 0, range);
  if (convex) {
    return {tangent, lower_intercept(form, tangent, middle, &range, nullptr), along,
            upper_intercept(form, along, middle, &range, nullptr)};
  }
  return {along, lower_intercept(form, along, middle, nullptr, &range), tangent,
          upper_intercept(form, tangent, middle, nullptr, &range)};
}

// Curvature changes at 0: convex on the left for tanh and sigmoid, on the right for odd powers.
Relaxation relax_inflection(const UnaryForm& form, const Interval& range, bool convex_left) {
  if (range.lo >= 0) return relax_one_curvature(form, range, !convex_left);
  if (range.hi <= 0) return relax_one_curvature(form, range, convex_left);
  const Interval left(range.lo, 0), right(0, range.hi);
  const Interval* convex = convex_left ? &left : &right;
  const Interval* concave = convex_left ? &right : &left;
  const double convex_end = convex_left ? range.lo : range.hi, concave_end = convex_left ? range.hi : range.lo;
  const double above = tangent_point(form, convex_end, 0, concave_end);
  const double below = tangent_point(form, concave_end, 0, convex_end);
  const double along = chord(form, 0, range);
  const double upper = above == concave_end ? along : plain_slope(form, above);
  const double lower = below == convex_end ? along : plain_slope(form, below);
  return {lower, lower_intercept(form, lower, below, convex, concave), upper,
          upper_intercept(form, upper, above, convex, concave)};
}

Relaxation relax_smooth(const UnaryForm& form, const Interval& range) {
  switch (form.kind) {
    case UnaryKind::kTanh:
    case UnaryKind::kSigmoid: return relax_inflection(form, range, true);
    case UnaryKind::kExp: return relax_one_curvature(form, range, true);
    case UnaryKind::kLog:
    case UnaryKind::kSqrt: return range.lo > 0 ? relax_one_curvature(form, range, false) : constant_bounds(form, 0, range);
    case UnaryKind::kPower:
      if (form.exponent < 0) {
        if (range.lo > 0) return relax_one_curvature(form, range, true);
        if (range.hi < 0) return relax_one_curvature(form, range, form.exponent % 2 == 0);
        return constant_bounds(form, 0, range);
      }
      if (form.exponent % 2 == 0) return relax_one_curvature(form, range, true);
      return relax_inflection(form, range, false);
    default: return constant_bounds(form, 0, range);
  }
}

bool is_finite(const Relaxation& r) {
  return std::isfinite(r.lower_slope) && std::isfinite(r.upper_slope) && std::isfinite(r.lower_intercept) &&
         std::isfinite(r.upper_intercept);
}

}  // namespace

Relaxation relax(const UnaryForm& form, double slope, const Interval& range, double alpha) {
  if (!std::isfinite(range.lo) || !std::isfinite(range.hi) || !(range.lo < range.hi)) {
    return constant_bounds(form, slope, range);
  }
  Relaxation result;
  switch (form.kind) {
    case UnaryKind::kNeg: result = with_slopes(form, slope, range, -1, -1); break;
    case UnaryKind::kAbs: result = one_kink(form, slope, range, -1, 1, alpha); break;
    case UnaryKind::kRelu:
    case UnaryKind::kLeakyRelu: {
      const double before = form.kind == UnaryKind::kRelu ? 0.0 : slope;
      if (range.lo >= 0) result = with_slopes(form, slope, range, 1, 1);
      else if (range.hi <= 0) result = with_slopes(form, slope, range, before, before);
      else result = one_kink(form, slope, range, before, 1, alpha);
      break;
    }
    case UnaryKind::kHardtanh: result = relax_hardtanh(form, range); break;
    default: result = relax_smooth(form, range); break;
  }
  return is_finite(result) ? result : constant_bounds(form, slope, range);
}

}  // namespace halfulp
