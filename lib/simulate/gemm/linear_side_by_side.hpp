// The rounded sums of a Linear node, all positions of a channel and all channels side by side.
#pragma once

#include "../plan.hpp"

namespace halfulp::sim {

// nullopt: the formats, or what the map leaves out, do not allow it. Requires finite operands.
std::optional<Values> run_linear_side_by_side(const LinearMap& map, const NodeRun& run);

}  // namespace halfulp::sim
