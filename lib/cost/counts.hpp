// What a node has to do, whatever its formats are.
#pragma once

#include "halfulp/cost/cost.hpp"

namespace halfulp {

CostModel::Counts counts_of(const LoweredGraph& graph, NodeId id);

}  // namespace halfulp
