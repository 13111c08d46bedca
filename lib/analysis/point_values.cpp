#include "point_values.hpp"

#include <algorithm>

#include "forward.hpp"

namespace halfulp {

RealRanges point_values(const Prepared& prepared, const InputBox& box) {
  const LoweredGraph& graph = *prepared.graph;
  std::vector<NodeId> last_use(graph.nodes.size(), -1);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    for (const NodeId operand : graph.nodes[n].operands) last_use[static_cast<std::size_t>(operand)] = static_cast<NodeId>(n);
  }
  States<MpInterval> states(graph.nodes.size());
  RealRanges ranges(graph.nodes.size());
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!prepared.needed[n]) continue;
    const auto id = static_cast<NodeId>(n);
    auto& real = states[n].real;
    const auto& inputs = graph.graph->inputs;
    const auto input = std::find(inputs.begin(), inputs.end(), id);
    if (input != inputs.end()) {
      for (const Interval& x : box[static_cast<std::size_t>(input - inputs.begin())]) real.push_back(MpInterval(x.lo, x.hi));
    } else {
      real = forward_values(prepared, states, id, false);
    }
    ranges[n].reserve(real.size());
    for (const MpInterval& x : real) ranges[n].push_back(to_double(x));
    for (const NodeId operand : graph.nodes[n].operands) {
      if (last_use[static_cast<std::size_t>(operand)] == id) std::vector<MpInterval>().swap(states[static_cast<std::size_t>(operand)].real);
    }
    if (last_use[n] < 0) std::vector<MpInterval>().swap(real);
  }
  return ranges;
}

}  // namespace halfulp
