#include "equal_nodes.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace halfulp {
namespace {

constexpr std::size_t kComparedConstant = 64;  // elements; larger ones are equal to themselves only

bool draws(const NodeFormats& f) {
  for (const auto* format : {&f.weight, &f.bias, &f.product, &f.accumulator, &f.output, &f.input}) {
    if (*format && (*format)->rounding == RoundingMode::kStochastic) return true;
  }
  return false;
}

std::vector<std::string> names(const NodeFormats& f) {
  std::vector<std::string> result;
  for (const auto* format : {&f.weight, &f.bias, &f.product, &f.accumulator, &f.output}) {
    result.push_back(*format ? (*format)->name : std::string());
  }
  result.push_back(std::to_string(static_cast<int>(f.order.kind)) + "," + std::to_string(f.order.block));
  return result;
}

// Operands by the first of their equals.
using Key = std::tuple<std::string, std::map<std::string, Attribute>, Shape, std::vector<NodeId>, std::vector<std::string>, std::vector<double>>;

Key key_of(const Node& node, const std::vector<NodeId>& first, const NodeFormats& formats) {
  std::vector<NodeId> operands;
  for (const NodeId input : node.inputs) operands.push_back(first[static_cast<std::size_t>(input)]);
  return {node.op, node.attributes, node.shape, std::move(operands), names(formats), node.constant};
}

std::vector<NodeId> first_of_equals(const LoweredGraph& graph, const FormatAssignment& formats) {
  const std::vector<Node>& nodes = graph.graph->nodes;
  std::vector<NodeId> first(nodes.size());
  std::map<Key, NodeId> seen;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    first[i] = id;
    if (nodes[i].op == "input" || nodes[i].constant.size() > kComparedConstant || draws(formats[i])) continue;
    first[i] = seen.emplace(key_of(nodes[i], first, formats[i]), id).first->second;
  }
  return first;
}

bool is_constant(const LoweredGraph& graph, NodeId id) {
  const auto* source = std::get_if<SourceForm>(&graph[id].form);
  return source != nullptr && source->is_constant;
}

}  // namespace

std::optional<LoweredGraph> read_first_of_equals(const LoweredGraph& graph, const FormatAssignment& formats) {
  const std::vector<NodeId> first = first_of_equals(graph, formats);
  const auto moves = [&](NodeId operand) { return first[static_cast<std::size_t>(operand)] != operand && !is_constant(graph, operand); };
  const bool any = std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const LoweredNode& node) {
    return std::any_of(node.operands.begin(), node.operands.end(), moves);
  });
  if (!any) return std::nullopt;
  LoweredGraph shared = graph;
  for (LoweredNode& node : shared.nodes) {
    for (NodeId& operand : node.operands) {
      if (moves(operand)) operand = first[static_cast<std::size_t>(operand)];
    }
  }
  return shared;
}

}  // namespace halfulp
