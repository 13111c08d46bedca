#include "relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

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

bool has_free_kink(const UnaryForm& form, const Interval& range) {
  const bool one_kink = form.kind == UnaryKind::kRelu || form.kind == UnaryKind::kLeakyRelu || form.kind == UnaryKind::kAbs;
  return one_kink && range.lo < 0 && range.hi > 0;
}

// Slopes left and right of the kink at 0.
std::pair<double, double> kink_slopes(const UnaryForm& form, double leaky) {
  if (form.kind == UnaryKind::kAbs) return {-1, 1};
  return {form.kind == UnaryKind::kRelu ? 0.0 : leaky, 1};
}

Relaxation one_kink(const UnaryForm& form, double leaky, const Interval& range, const SlopeChoice& choice) {
  const auto [before, after] = kink_slopes(form, leaky);
  const double along = chord(form, leaky, range);
  const double nearer = range.hi > -range.lo ? after : before;
  const bool free_below = before <= after;
  const float wanted = free_below ? choice.lower : choice.upper;
  const double free = wanted < 0 ? nearer : before + static_cast<double>(wanted) * (after - before);
  return free_below ? with_slopes(form, leaky, range, free, along) : with_slopes(form, leaky, range, along, free);
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
    case UnaryKind::kSin: return std::sin(x);
    case UnaryKind::kCos: return std::cos(x);
    case UnaryKind::kAtan: return std::atan(x);
    case UnaryKind::kErf: return std::erf(x);
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
    case UnaryKind::kSin: return std::cos(x);
    case UnaryKind::kCos: return -std::sin(x);
    case UnaryKind::kAtan: return 1 / (1 + x * x);
    case UnaryKind::kErf: return 2 * std::numbers::inv_sqrtpi * std::exp(-x * x);
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

double plain_curvature(const UnaryForm& form, double x) {
  const double y = plain_value(form, x);
  switch (form.kind) {
    case UnaryKind::kTanh: return -2 * y * (1 - y * y);
    case UnaryKind::kSigmoid: return y * (1 - y) * (1 - 2 * y);
    case UnaryKind::kExp: return y;
    case UnaryKind::kLog: return -1 / (x * x);
    case UnaryKind::kSqrt: return -0.25 / (x * y);
    case UnaryKind::kSin:
    case UnaryKind::kCos: return -y;
    case UnaryKind::kAtan: return -2 * x / ((1 + x * x) * (1 + x * x));
    case UnaryKind::kErf: return -2 * x * plain_slope(form, x);
    default: return form.exponent * (form.exponent - 1.0) * std::pow(x, form.exponent - 2);
  }
}

// Which part of the range is convex and which concave; the touching points of tangents that bound from below (in the convex part)
// and from above (in the concave part). Without tangents the chord bounds.
struct Curvature {
  std::optional<Interval> convex, concave;
  struct Tangents {
    double from = 0, to = 0, standard = 0;
  };
  std::optional<Tangents> below, above;
};

Curvature one_curvature(const Interval& range, bool convex) {
  const Curvature::Tangents all{range.lo, range.hi, midpoint(range)};
  if (convex) return {.convex = range, .concave = {}, .below = all, .above = {}};
  return {.convex = {}, .concave = range, .below = {}, .above = all};
}

// Curvature changes at 0: convex on the left for tanh, sigmoid, atan and erf, on the right for odd powers.
Curvature inflection(const UnaryForm& form, const Interval& range, bool convex_left) {
  if (range.lo >= 0) return one_curvature(range, !convex_left);
  if (range.hi <= 0) return one_curvature(range, convex_left);
  const Interval left(range.lo, 0), right(0, range.hi);
  Curvature result{.convex = convex_left ? left : right, .concave = convex_left ? right : left, .below = {}, .above = {}};
  const double convex_end = convex_left ? range.lo : range.hi, concave_end = convex_left ? range.hi : range.lo;
  const double above = tangent_point(form, convex_end, 0, concave_end);
  const double below = tangent_point(form, concave_end, 0, convex_end);
  if (above != concave_end) result.above = {above, concave_end, above};
  if (below != convex_end) result.below = {below, convex_end, below};
  return result;
}

// Nothing where no linear bound of this kind holds: constants bound there.
std::optional<Curvature> curvature(const UnaryForm& form, const Interval& range) {
  switch (form.kind) {
    case UnaryKind::kTanh:
    case UnaryKind::kSigmoid:
    case UnaryKind::kAtan:
    case UnaryKind::kErf: return inflection(form, range, true);
    case UnaryKind::kSin:
    case UnaryKind::kCos: {  // f'' = -f
      const Interval value = unary_value(form, 0, range);
      if (value.lo >= 0) return one_curvature(range, false);
      return value.hi <= 0 ? std::optional(one_curvature(range, true)) : std::nullopt;
    }
    case UnaryKind::kExp: return one_curvature(range, true);
    case UnaryKind::kLog:
    case UnaryKind::kSqrt: return range.lo > 0 ? std::optional(one_curvature(range, false)) : std::nullopt;
    case UnaryKind::kPower:
      if (form.exponent >= 0) return form.exponent % 2 == 0 ? one_curvature(range, true) : inflection(form, range, false);
      if (range.lo > 0) return one_curvature(range, true);
      return range.hi < 0 ? std::optional(one_curvature(range, form.exponent % 2 == 0)) : std::nullopt;
    default: return std::nullopt;
  }
}

double touching_point(const Curvature::Tangents& tangents, float choice) {
  if (choice < 0) return tangents.standard;
  return tangents.from + static_cast<double>(choice) * (tangents.to - tangents.from);
}

// Where curvature changes sign: two parallels around f(m) + s (x - m), m the middle, by the mean value theorem, unless constants are
// nearer.
Relaxation around_middle(const UnaryForm& form, const Interval& range) {
  const Interval slopes = unary_slope(form, 0, range), middle(midpoint(range));
  const double s = midpoint(slopes);
  const Relaxation constants = constant_bounds(form, 0, range);
  if (!std::isfinite(s)) return constants;
  const Interval at = offset(form, 0, s, middle.lo) + (slopes - Interval(s)) * (range - middle);
  if (!(at.hi - at.lo < constants.upper_intercept - constants.lower_intercept)) return constants;
  return {.lower_slope = s, .lower_intercept = at.lo, .upper_slope = s, .upper_intercept = at.hi};
}

Relaxation relax_smooth(const UnaryForm& form, const Interval& range, const SlopeChoice& choice) {
  const auto shape = curvature(form, range);
  if (!shape) return around_middle(form, range);
  const Interval* convex = shape->convex ? &*shape->convex : nullptr;
  const Interval* concave = shape->concave ? &*shape->concave : nullptr;
  const double along = chord(form, 0, range);
  // A chord's intercept comes from the end points where its own curvature allows, else from the tangent at an end.
  double lower = along, below = convex != nullptr && convex->lo < 0 ? range.lo : range.hi;
  double upper = along, above = concave != nullptr && concave->hi > 0 ? range.hi : range.lo;
  if (shape->below) lower = plain_slope(form, below = touching_point(*shape->below, choice.lower));
  if (shape->above) upper = plain_slope(form, above = touching_point(*shape->above, choice.upper));
  if (!std::isfinite(lower) || !std::isfinite(upper)) return constant_bounds(form, 0, range);
  return {lower, lower_intercept(form, lower, below, convex, concave), upper, upper_intercept(form, upper, above, convex, concave)};
}

FreeLine tangent_line(const UnaryForm& form, double d) {
  const double slope = plain_slope(form, d);
  return {.slope = slope, .intercept = plain_value(form, d) - slope * d};
}

bool is_finite(const Relaxation& r) {
  return std::isfinite(r.lower_slope) && std::isfinite(r.upper_slope) && std::isfinite(r.lower_intercept) &&
         std::isfinite(r.upper_intercept);
}

}  // namespace

Relaxation relax(const UnaryForm& form, double slope, const Interval& range, const SlopeChoice& choice) {
  if (!std::isfinite(range.lo) || !std::isfinite(range.hi) || !(range.lo < range.hi)) {
    return constant_bounds(form, slope, range);
  }
  Relaxation result;
  switch (form.kind) {
    case UnaryKind::kNeg: result = with_slopes(form, slope, range, -1, -1); break;
    case UnaryKind::kAbs:
    case UnaryKind::kRelu:
    case UnaryKind::kLeakyRelu: {
      const auto [before, after] = kink_slopes(form, slope);
      if (range.lo >= 0) result = with_slopes(form, slope, range, after, after);
      else if (range.hi <= 0) result = with_slopes(form, slope, range, before, before);
      else result = one_kink(form, slope, range, choice);
      break;
    }
    case UnaryKind::kHardtanh: result = relax_hardtanh(form, range); break;
    default: result = relax_smooth(form, range, choice); break;
  }
  return is_finite(result) ? result : constant_bounds(form, slope, range);
}

LineFamily line_family(const UnaryForm& form, double slope, const Interval& range, bool lower_line) {
  LineFamily family;
  const Relaxation fixed = relax(form, slope, range);
  family.fixed = lower_line ? FreeLine{.slope = fixed.lower_slope, .intercept = fixed.lower_intercept}
                            : FreeLine{.slope = fixed.upper_slope, .intercept = fixed.upper_intercept};
  if (!std::isfinite(range.lo) || !std::isfinite(range.hi) || !(range.lo < range.hi)) return family;
  if (has_free_kink(form, range)) {
    const auto [before, after] = kink_slopes(form, slope);
    if ((before <= after) != lower_line) return family;
    return {.is_free = true, .standard = range.hi > -range.lo ? 1.0F : 0.0F, .kind = LineFamily::Kind::kSlope, .from = before, .to = after,
            .fixed = family.fixed};
  }
  const auto shape = curvature(form, range);
  if (!shape) return family;
  const auto& tangents = lower_line ? shape->below : shape->above;
  if (!tangents || !(std::fabs(tangents->to - tangents->from) > 0) || !std::isfinite(plain_slope(form, tangents->from)) ||
      !std::isfinite(plain_slope(form, tangents->to))) {
    return family;
  }
  const double standard = (tangents->standard - tangents->from) / (tangents->to - tangents->from);
  return {.is_free = true, .standard = static_cast<float>(standard), .kind = LineFamily::Kind::kTangent, .from = tangents->from,
          .to = tangents->to, .fixed = family.fixed};
}

FreeLine line_at(const UnaryForm& form, const LineFamily& family, double choice) {
  const double length = family.to - family.from, at = family.from + choice * length;
  switch (family.kind) {
    case LineFamily::Kind::kFixed: return family.fixed;
    case LineFamily::Kind::kSlope: return {.slope = at, .intercept = 0, .slope_rate = length, .intercept_rate = 0};
    case LineFamily::Kind::kTangent: break;
  }
  FreeLine line = tangent_line(form, at);
  line.slope_rate = plain_curvature(form, at) * length;  // of f(d) + f'(d) (x - d) by d: f''(d) (x - d)
  line.intercept_rate = -line.slope_rate * at;
  return line;
}

}  // namespace halfulp
