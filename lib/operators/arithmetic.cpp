// add, sub, mul, div with NumPy broadcasting. With one constant operand, add, sub and mul are linear maps of the other
// (their constants are then stored biases or weights); all else is the Binary form.
#include <optional>

#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {
namespace {

struct Operands {
  std::vector<std::int32_t> left, right;
  bool left_constant, right_constant;
};

Result<Operands> operands_of(const Graph& graph, const Node& node) {
  if (node.inputs.size() != 2) return misfit(node, node.op + " takes two operands");
  Operands result{broadcast_map(graph[node.inputs[0]].shape, node.shape), broadcast_map(graph[node.inputs[1]].shape, node.shape),
                  is_constant(graph, node.inputs[0]), is_constant(graph, node.inputs[1])};
  if (result.left.empty() || result.right.empty()) {
    return misfit(node, "shapes " + to_string(graph[node.inputs[0]].shape) + " and " + to_string(graph[node.inputs[1]].shape) +
                            " do not broadcast to " + to_string(node.shape));
  }
  return result;
}

// A diagonal map y_i = w_i x[from_i] (+ b_i). A single scalar is one stored parameter shared by all positions.
LoweredNode diagonal(const Node& node, NodeId x, std::int64_t x_size, const std::vector<std::int32_t>& from,
                     std::vector<double> weight, std::vector<double> bias, bool stored) {
  const std::int64_t count = element_count(node.shape);
  const bool shared = weight.size() <= 1 && bias.size() <= 1;
  LinearMap map;
  map.inputs = x_size;
  map.outputs = count;
  map.has_stored_weights = stored;
  map.weight = std::move(weight);
  map.bias = std::move(bias);
  if (shared) {
    map.positions = count;
    map.input_pattern = from;
    for (std::int64_t i = 0; i < count; ++i) map.output_pattern.push_back(static_cast<std::int32_t>(i));
  } else {
    map.groups = count;
    map.input_pattern = {0};
    map.output_pattern = {0};
    map.input_group_stride = 1;
    map.weight.resize(static_cast<std::size_t>(count), map.weight.empty() ? 1.0 : map.weight[0]);
  }
  return LoweredNode{.form = LinearForm{std::move(map)}, .operands = {x}, .size = count};
}

bool is_identity(const std::vector<std::int32_t>& map, std::int64_t size) {
  if (static_cast<std::int64_t>(map.size()) != size) return false;
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map[i] != static_cast<std::int32_t>(i)) return false;
  }
  return true;
}

std::vector<double> spread(const Node& constant, const std::vector<std::int32_t>& map) {
  if (constant.constant.size() == 1) return constant.constant;
  std::vector<double> values;
  values.reserve(map.size());
  for (const std::int32_t i : map) values.push_back(constant.constant[static_cast<std::size_t>(i)]);
  return values;
}

// One constant operand and one computed operand that fills the result: the linear form if the kind allows it.
std::optional<LoweredNode> as_linear(const Graph& graph, const Node& node, const Operands& operands, BinaryKind kind) {
  if (operands.left_constant == operands.right_constant || kind == BinaryKind::kDivide) return std::nullopt;
  const std::size_t variable = operands.left_constant ? 1 : 0;
  const Node& x = graph[node.inputs[variable]];
  const Node& constant = graph[node.inputs[1 - variable]];
  const auto& from = variable == 0 ? operands.left : operands.right;
  const bool scalar = constant.constant.size() == 1;
  if (!scalar && !is_identity(from, element_count(x.shape))) return std::nullopt;
  std::vector<double> values = spread(constant, variable == 0 ? operands.right : operands.left);
  const std::int64_t size = element_count(x.shape);
  if (kind == BinaryKind::kMultiply) return diagonal(node, node.inputs[variable], size, from, std::move(values), {}, true);
  double weight = 1;
  if (kind == BinaryKind::kSubtract && variable == 0) {
    for (double& value : values) value = -value;
  } else if (kind == BinaryKind::kSubtract) {
    weight = -1;
  }
  return diagonal(node, node.inputs[variable], size, from, {weight}, std::move(values), false);
}

Result<LoweredNode> arithmetic(const Graph& graph, const Node& node, BinaryKind kind) {
  auto operands = operands_of(graph, node);
  if (!operands) return fail(operands.error());
  if (auto linear = as_linear(graph, node, *operands, kind)) return *std::move(linear);
  return LoweredNode{.form = BinaryForm{.kind = kind,
                                        .left = std::move(operands->left),
                                        .right = std::move(operands->right),
                                        .left_is_constant = operands->left_constant,
                                        .right_is_constant = operands->right_constant},
                     .operands = node.inputs,
                     .size = element_count(node.shape)};
}

}  // namespace

Result<LoweredNode> add(const Graph& graph, const Node& node) { return arithmetic(graph, node, BinaryKind::kAdd); }
Result<LoweredNode> subtract(const Graph& graph, const Node& node) { return arithmetic(graph, node, BinaryKind::kSubtract); }
Result<LoweredNode> multiply(const Graph& graph, const Node& node) { return arithmetic(graph, node, BinaryKind::kMultiply); }
Result<LoweredNode> divide(const Graph& graph, const Node& node) { return arithmetic(graph, node, BinaryKind::kDivide); }

}  // namespace halfulp::rules
