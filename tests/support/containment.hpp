// The property everything rests on: no simulated value leaves its proved range, and no simulated difference its proved bound.
#pragma once

#include <cmath>
#include <string>

#include "halfulp/analysis/analysis.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "support/random_box.hpp"

namespace halfulp::test {

struct ContainmentCase {
  Graph graph;
  FormatAssignment formats;
  InputBox box;
};

struct ContainmentCount {
  std::int64_t values = 0;    // simulated values held against their range and their error bound
  std::int64_t outputs = 0;   // of them, elements of graph outputs
  std::int64_t infinite = 0;  // of them, with an infinite bound: nothing was claimed
  std::int64_t undefined = 0; // samples that end in NaN where the analysis says that values overflow
  std::int64_t refused = 0;   // cases whose constants overflow their format (E0602)
};

inline Interval value_of(const Expansion& x) { return Interval(x.part[0]) + Interval(x.part[1]) + Interval(x.part[2]); }

inline bool meets(const Interval& value, const Interval& bound) { return value.hi >= bound.lo && value.lo <= bound.hi; }

inline std::string show(const Interval& x) { return "[" + std::to_string(x.lo) + ", " + std::to_string(x.hi) + "]"; }

// What is violated at the sample, in words; empty if nothing is. `point` encloses the real network's values there.
inline std::string violation(const LoweredGraph& lowered, const BoxAnalysis& analysis,
                             const std::vector<std::vector<Expansion>>& values, const BoxAnalysis& point, ContainmentCount& count) {
  for (std::size_t node = 0; node < values.size(); ++node) {
    const NodeBounds& bounds = analysis.nodes[node];
    if (bounds.deployed.empty()) continue;
    for (std::size_t e = 0; e < values[node].size(); ++e) {
      const Interval value = value_of(values[node][e]);
      const Interval difference = value - point.nodes[node].real[e];
      const std::string where = " at " + (*lowered.graph)[static_cast<NodeId>(node)].name + " element " + std::to_string(e);
      if (!meets(value, bounds.deployed[e])) return "value " + show(value) + " outside " + show(bounds.deployed[e]) + where;
      if (!meets(difference, bounds.error[e])) return "error " + show(difference) + " outside " + show(bounds.error[e]) + where;
      ++count.values;
      if (!std::isfinite(magnitude(bounds.error[e]))) ++count.infinite;
    }
  }
  for (const NodeId output : lowered.graph->outputs) count.outputs += lowered[output].size;
  return "";
}

// Analyses the case and holds `samples` simulated inputs against it.
inline std::string check_case(const ContainmentCase& c, const AnalyzeOptions& options, std::uint64_t seed, int samples,
                              RandomGraph& random, ContainmentCount& count) {
  const auto lowered = lower(c.graph);
  if (!lowered) return lowered.error().message;
  const auto analysis = analyze_box(*lowered, c.formats, c.box, options);
  if (!analysis && analysis.error().code == "E0602") {
    ++count.refused;
    return "";
  }
  if (!analysis) return analysis.error().message;
  const auto simulator = Simulator::create(*lowered, c.formats, {.seed = seed});
  if (!simulator) return simulator.error().message;
  for (int sample = 0; sample < samples; ++sample) {
    const auto inputs = corner_or_point(random, c.box);
    const auto values = simulator->run_all(inputs, static_cast<std::uint64_t>(sample));
    // Opposite infinities were added: a place that the analysis must have named.
    if (!values && values.error().code == "E0505" && !analysis->overflows.empty()) {
      ++count.undefined;
      continue;
    }
    if (!values) return values.error().message;
    const auto point = analyze_box(*lowered, std::nullopt, point_box(inputs), {.method = Method::kInterval});
    if (!point) return point.error().message;
    const std::string wrong = violation(*lowered, *analysis, *values, *point, count);
    if (!wrong.empty()) return "seed " + std::to_string(seed) + " sample " + std::to_string(sample) + ": " + wrong;
  }
  return "";
}

// Layers and formats at random.
inline ContainmentCase random_case(RandomGraph& random) {
  ContainmentCase c{random.make(), {}, {}};
  c.formats = random.formats(c.graph);
  const bool point = random.chance(0.3);
  c.box = box_of_radius(random, c.graph, point ? 0 : random.chance(0.5) ? 0.05 : 1.0);
  return c;
}

}  // namespace halfulp::test
