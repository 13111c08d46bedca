#include "parametric_reference.hpp"

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

std::vector<MpInterval> node_values(const Prepared& exact, const States<MpInterval>& states, NodeId id) {
  const Node& node = (*exact.graph->graph)[id];
  const auto* linear = std::get_if<LinearForm>(&(*exact.graph)[id].form);
  if (linear == nullptr || node.op != "batch_norm") return forward_values(exact, states, id, false);
  return batch_norm(*exact.graph->graph, node, linear->map, at(states, (*exact.graph)[id].operands[0]).real);
}

}  // namespace

RealRanges reference_values(const Prepared& exact, const InputBox& point) {
  set_working_precision(kMaxWorkingPrecision);
  const LoweredGraph& graph = *exact.graph;
  std::vector<std::size_t> last_use(graph.nodes.size(), 0);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const NodeId operand : graph.nodes[i].operands) last_use[static_cast<std::size_t>(operand)] = i;
  }
  States<MpInterval> states(graph.nodes.size());
  RealRanges ranges(graph.nodes.size());
  for (std::size_t input = 0; input < point.size(); ++input) {
    auto& real = states[static_cast<std::size_t>(graph.graph->inputs[input])].real;
    for (const Interval& x : point[input]) real.push_back(MpInterval(x));
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!exact.needed[i]) continue;
    auto& real = states[i].real;
    if (real.empty()) real = node_values(exact, states, static_cast<NodeId>(i));
    for (const MpInterval& x : real) ranges[i].push_back(to_double(x));
    for (const NodeId operand : graph.nodes[i].operands) {
      if (last_use[static_cast<std::size_t>(operand)] == i) std::vector<MpInterval>().swap(states[static_cast<std::size_t>(operand)].real);
    }
  }
  return ranges;
}

}  // namespace halfulp
