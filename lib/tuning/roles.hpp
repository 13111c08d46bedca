// Which roles a node has, and the range that each role's values take.
#pragma once

#include "halfulp/analysis/analysis.hpp"
#include "ladder.hpp"

namespace halfulp {

// The roles that round in this node if they are given a format.
bool has_role(const LoweredGraph& graph, NodeId node, Role role);

struct RoleValues {
  double count = 0;      // values stored or computed; 0: none
  Interval range;
  Fit fit = Fit::kWhole;
};
// `ranges[node]` bounds the values of each node, real and deployed.
RoleValues role_values(const LoweredGraph& graph, NodeId node, Role role, const std::vector<Interval>& ranges);

}  // namespace halfulp
