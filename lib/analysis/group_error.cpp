#include "group_error.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/formats/group.hpp"

namespace halfulp {
namespace {

bool all_points(const std::vector<Interval>& ranges) {
  return std::all_of(ranges.begin(), ranges.end(), [](const Interval& x) { return x.lo == x.hi; });
}

std::vector<RoundingEffect> point_effects(const Format& format, const std::vector<Interval>& points, const ArrayLayout& layout) {
  std::vector<double> values;
  for (const Interval& x : points) values.push_back(x.lo);
  std::vector<double> rounded(values.size());
  round_tensor(format, values, rounded, layout.shape, group_axis(format, layout));
  std::vector<RoundingEffect> effects;
  for (std::size_t i = 0; i < values.size(); ++i) {
    effects.push_back({.error = Interval(rounded[i]) - Interval(values[i]), .after = Interval(rounded[i])});
  }
  return effects;
}

// The largest share of its magnitude that a value can lose to saturation. With element limit L = lambda 2^emax and group maximum
// a: floor and even take 2^floor(log2 a) lambda > a lambda / 2 as the limit, nearest at least a / 1.5, the others at least a.
double saturation_share(const Format& format) {
  const double limit = largest(*format.element);
  switch (format.scale_rule) {
    case ScaleRule::kFloor:
    case ScaleRule::kEven: return 1 - limit / std::ldexp(2.0, std::ilogb(limit));
    case ScaleRule::kNearest: return next_up(1.0 / 3);
    case ScaleRule::kCeil:
    case ScaleRule::kSaturationFree: return 0;
  }
  return 1;
}

// Microscaling with float elements: a value that does not saturate errs as an element of its own magnitude does at the group's
// largest scale (a smaller scale only refines the subnormal numbers); one that does loses at most its saturation share.
double element_error(const Format& format, double group_error, double group_reach, double value_reach) {
  constexpr double kScaleLimit = 0x1p100;  // beyond, the scale's own range would come in
  if (format.family != FormatFamily::kMicroscaling || format.element->family != FormatFamily::kFloat || !(group_reach < kScaleLimit)) {
    return group_error;
  }
  const Format element = element_of(format, choose_scale(format, GroupExtent{-group_reach, group_reach}));
  const double rounding = max_rounding_error(element, value_reach), lost = mul_up(saturation_share(format), value_reach);
  return std::min(group_error, std::max(rounding, lost));
}

}  // namespace

std::vector<RoundingEffect> group_effects(const Format& format, const std::vector<Interval>& ranges, const ArrayLayout& layout) {
  if (format.rounding != RoundingMode::kStochastic && all_points(ranges)) return point_effects(format, ranges, layout);
  const auto group = groups_of(format, layout.shape, group_axis(format, layout));
  std::vector<double> reach(static_cast<std::size_t>(*std::max_element(group.begin(), group.end())) + 1, 0.0);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    double& own = reach[static_cast<std::size_t>(group[i])];
    own = std::max(own, magnitude(ranges[i]));
  }
  if (format.family == FormatFamily::kNvfp4) {  // its block scales hang on the scale of the whole array
    std::fill(reach.begin(), reach.end(), *std::max_element(reach.begin(), reach.end()));
  }
  std::vector<RoundingEffect> bounds;  // by group
  for (const double r : reach) {
    const double error = max_group_rounding_error(format, r), value = max_group_value(format, r);
    bounds.push_back({.error = {-error, error}, .after = {-value, value}});
  }
  std::vector<RoundingEffect> effects;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto own = static_cast<std::size_t>(group[i]);
    RoundingEffect effect = bounds[own];
    const double error = element_error(format, effect.error.hi, reach[own], magnitude(ranges[i]));
    effect.error = {-error, error};
    effect.after = intersect(effect.after, ranges[i] + effect.error);
    effects.push_back(effect);
  }
  return effects;
}

}  // namespace halfulp
