#include "group_error.hpp"

#include <algorithm>

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
    RoundingEffect effect = bounds[static_cast<std::size_t>(group[i])];
    effect.after = intersect(effect.after, ranges[i] + effect.error);
    effects.push_back(effect);
  }
  return effects;
}

}  // namespace halfulp
