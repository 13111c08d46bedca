// linear(x, W, b?): y[.., m] = sum_k W[m, k] x[.., k] + b[m], over the last axis; W of shape (M, K), b of shape (M).
#include "rules.hpp"

namespace halfulp::rules {

Result<LoweredNode> linear(const Graph& graph, const Node& node) {
  const Node& x = graph[node.inputs.at(0)];
  const Node& w = graph[node.inputs.at(1)];
  if (!is_constant(graph, node.inputs[1]) || w.shape.size() != 2) {
    return misfit(node, "linear needs a constant weight of shape (out, in)");
  }
  const std::int64_t channels = w.shape[0], depth = w.shape[1];
  if (x.shape.empty() || x.shape.back() != depth) {
    return misfit(node, "the last extent of x, " + to_string(x.shape) + ", is not the weight's " + std::to_string(depth));
  }
  LinearMap map;
  map.channels = channels;
  map.depth = depth;
  map.positions = element_count(x.shape) / depth;
  map.inputs = element_count(x.shape);
  map.outputs = map.positions * channels;
  map.input_pattern.resize(static_cast<std::size_t>(depth * map.positions));
  for (std::int64_t k = 0; k < depth; ++k) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      map.input_pattern[static_cast<std::size_t>(k * map.positions + p)] = static_cast<std::int32_t>(p * depth + k);
    }
  }
  for (std::int64_t p = 0; p < map.positions; ++p) {
    map.output_pattern.push_back(static_cast<std::int32_t>(p * channels));
  }
  map.weight = w.constant;
  if (node.inputs.size() > 2) {
    if (!is_constant(graph, node.inputs[2]) || element_count(graph[node.inputs[2]].shape) != channels) {
      return misfit(node, "linear needs a constant bias of shape (out)");
    }
    map.bias = graph[node.inputs[2]].constant;
  }
  const std::int64_t size = map.outputs;
  return LoweredNode{.form = LinearForm{std::move(map)}, .operands = {node.inputs[0]}, .size = size};
}

}  // namespace halfulp::rules
