#include "halfulp/cost/cost.hpp"
#include "overloaded.hpp"

namespace halfulp {
namespace {

// prelu's form holds a slope an element; the model stores one a channel.
std::vector<double> stored_slopes(const LoweredGraph& graph, NodeId id, const UnaryForm& form) {
  const Node& node = (*graph.graph)[id];
  if (node.op == "prelu" && node.inputs.size() == 2) return (*graph.graph)[node.inputs[1]].constant;
  return form.slope;
}

void append(std::vector<double>& to, const std::vector<double>& values) { to.insert(to.end(), values.begin(), values.end()); }

ParameterValues of_binary(const LoweredGraph& graph, NodeId id, const BinaryForm& form) {
  ParameterValues values;
  const bool scales = form.kind == BinaryKind::kMultiply || form.kind == BinaryKind::kDivide;
  std::vector<double>& role = scales ? values.weights : values.biases;
  const std::vector<NodeId>& operands = graph[id].operands;
  if (form.left_is_constant) append(role, (*graph.graph)[operands.at(0)].constant);
  if (form.right_is_constant) append(role, (*graph.graph)[operands.at(1)].constant);
  return values;
}

}  // namespace

ParameterValues parameter_values(const LoweredGraph& graph, NodeId id) {
  return std::visit(Overloaded{[](const LinearForm& form) {
                                 ParameterValues values{.weights = {}, .biases = form.map.bias};
                                 if (form.map.has_stored_weights) values.weights = form.map.weight;
                                 return values;
                               },
                               [&](const UnaryForm& form) {
                                 ParameterValues values;
                                 if (form.kind == UnaryKind::kLeakyRelu) values.weights = stored_slopes(graph, id, form);
                                 return values;
                               },
                               [&](const BinaryForm& form) { return of_binary(graph, id, form); },
                               [](const auto&) { return ParameterValues{}; }},
                    graph[id].form);
}

ParameterCount parameters_of(const LoweredGraph& graph, NodeId id) {
  const ParameterValues values = parameter_values(graph, id);
  return {.weights = static_cast<double>(values.weights.size()), .biases = static_cast<double>(values.biases.size())};
}

}  // namespace halfulp
