// Roles whose format leaves nothing of their values: over the whole input set, every real value rounds to one and the same number,
// although the values differ. A type with far more integer bits than its range needs does that (a fixed<38,18> of which a table looks at
// the upper 10 bits has steps of 2^8), without any overflow. A softmax behind it gives every class the same share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "halfulp/analysis/analysis.hpp"

namespace halfulp {

struct DegeneratePlace {
  NodeId node = 0;
  Role role = Role::kOutput;     // kOutput, kWeight, kInput
  Format format;
  Interval values;               // proved range of the real values over all elements
  double becomes = 0;            // what each of them rounds to
  std::optional<Format> fix;     // fixed point of the same width whose fraction bits are the most that hold the range
  std::optional<NodeId> softmax;  // that this makes uniform
};

// `nodes` are an analysis' bounds (BoxAnalysis::nodes or DataAnalysis::hull) of the graph under `formats`. In graph order.
std::vector<DegeneratePlace> degenerate_places(const LoweredGraph& graph, const FormatAssignment& formats, const std::vector<NodeBounds>& nodes);

}  // namespace halfulp
