// Boxes around random centres and points in them, for property tests of bounds.
#pragma once

#include <algorithm>
#include <vector>

#include "halfulp/analysis/analysis.hpp"
#include "support/graph_builder.hpp"

namespace halfulp::test {

inline InputBox box_of_radius(RandomGraph& random, const Graph& graph, double radius) {
  InputBox box;
  for (const NodeId input : graph.inputs) {
    auto& elements = box.emplace_back();
    for (std::int64_t i = 0; i < element_count(graph[input].shape); ++i) {
      const double centre = random.uniform(-1, 1);
      elements.push_back(Interval(centre - radius, centre + radius));
    }
  }
  return box;
}

inline std::vector<std::vector<double>> random_point(RandomGraph& random, const InputBox& box) {
  std::vector<std::vector<double>> inputs;
  for (const auto& elements : box) {
    auto& input = inputs.emplace_back();
    for (const Interval& x : elements) input.push_back(std::min(x.hi, std::max(x.lo, random.uniform(x.lo, x.hi))));
  }
  return inputs;
}

// A point of the box; three times in ten one of its corners.
inline std::vector<std::vector<double>> corner_or_point(RandomGraph& random, const InputBox& box) {
  if (!random.chance(0.3)) return random_point(random, box);
  std::vector<std::vector<double>> inputs;
  for (const auto& elements : box) {
    auto& input = inputs.emplace_back();
    for (const Interval& x : elements) input.push_back(random.chance(0.5) ? x.lo : x.hi);
  }
  return inputs;
}

inline InputBox point_box(const std::vector<std::vector<double>>& inputs) {
  InputBox box;
  for (const auto& input : inputs) box.emplace_back(input.begin(), input.end());
  return box;
}

}  // namespace halfulp::test
