#include "point_values.hpp"

#include <algorithm>

namespace halfulp {
namespace {

// y = gamma (x - mean) / sqrt(variance + eps) + beta a channel.
std::vector<MpInterval> batch_norm(const Graph& graph, const Node& node, const LinearMap& map, const std::vector<MpInterval>& x) {
  const auto constant = [&](std::size_t operand, std::int64_t channel) {
    return MpInterval(graph[node.inputs[operand]].constant[static_cast<std::size_t>(channel)]);
  };
  std::vector<MpInterval> y(x.size());
  for (std::int64_t channel = 0; channel < map.groups; ++channel) {
    const MpInterval scale = constant(1, channel) / sqrt(constant(4, channel) + MpInterval(real_attribute(node, "eps")));
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const auto input = static_cast<std::size_t>(map.input_of(channel, 0, p));
      y[static_cast<std::size_t>(map.output_of(channel, 0, p))] = (x[input] - constant(3, channel)) * scale + constant(2, channel);
    }
  }
  return y;
}

std::vector<MpInterval> node_values(const Prepared& prepared, const States<MpInterval>& states, NodeId id) {
  const Node& node = (*prepared.graph->graph)[id];
  const auto* linear = std::get_if<LinearForm>(&(*prepared.graph)[id].form);
  if (linear == nullptr || node.op != "batch_norm") return forward_values(prepared, states, id, false);
  return batch_norm(*prepared.graph->graph, node, linear->map, at(states, (*prepared.graph)[id].operands[0]).real);
}

}  // namespace

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
      real = node_values(prepared, states, id);
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

bool is_sharp(const std::vector<Interval>& values, double share) {
  double widest = 0, largest = 0;
  for (const Interval& value : values) {
    widest = std::max(widest, width_up(value));
    largest = std::max(largest, magnitude(value));
  }
  return widest <= share * largest;
}

}  // namespace halfulp
