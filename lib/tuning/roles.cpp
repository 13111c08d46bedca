#include "roles.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/cost/cost.hpp"

namespace halfulp {
namespace {

// Deployed values leave the real range by their error; a little room keeps the integer bits from changing for that.
constexpr double kRoom = 0x1p-7;

bool rounds_its_output(const LoweredNode& node) {
  if (const auto* unary = std::get_if<UnaryForm>(&node.form)) {
    switch (unary->kind) {
      case UnaryKind::kNeg:
      case UnaryKind::kAbs:
      case UnaryKind::kRelu:
      case UnaryKind::kHardtanh: return false;
      case UnaryKind::kPower: return unary->exponent != 1;
      default: return true;
    }
  }
  return std::holds_alternative<LinearForm>(node.form) || std::holds_alternative<BinaryForm>(node.form) ||
         std::holds_alternative<SoftmaxForm>(node.form) || std::holds_alternative<DotForm>(node.form);
}

bool sums_products(const LoweredNode& node) {
  return std::holds_alternative<LinearForm>(node.form) || std::holds_alternative<DotForm>(node.form);
}

Interval range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

Interval with_room(const Interval& range) {
  const double room = magnitude(range) * kRoom;
  return {range.lo < 0 ? range.lo - room : range.lo, range.hi + room};
}

Interval around_zero(double magnitude_bound) { return {-magnitude_bound, magnitude_bound}; }

Interval range_at(const std::vector<Interval>& ranges, NodeId node) { return ranges[static_cast<std::size_t>(node)]; }

// Largest |product| and largest sum of |products| and |bias|: bounds of every partial sum in any order.
struct Sums {
  double product = 0, total = 0;
};

Sums sums_of(const LoweredGraph& graph, NodeId node, const std::vector<Interval>& ranges) {
  const LoweredNode& lowered = graph[node];
  if (const auto* dot = std::get_if<DotForm>(&lowered.form)) {
    const double product = magnitude(range_at(ranges, lowered.operands[0])) * magnitude(range_at(ranges, lowered.operands[1]));
    return {product, product * static_cast<double>(dot->depth)};
  }
  const LinearMap& map = std::get<LinearForm>(lowered.form).map;
  const double operand = magnitude(range_at(ranges, lowered.operands[0]));
  Sums sums;
  for (std::int64_t row = 0; row < map.groups * map.channels; ++row) {
    double total = map.bias.empty() ? 0 : std::fabs(map.bias[static_cast<std::size_t>(row)]);
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const double product = std::fabs(map.weight[static_cast<std::size_t>(row * map.depth + k)]) * operand;
      sums.product = std::max(sums.product, product);
      total += product;
    }
    sums.total = std::max(sums.total, total);
  }
  return sums;
}

}  // namespace

bool has_role(const LoweredGraph& graph, NodeId node, Role role) {
  switch (role) {
    case Role::kInput: return std::find(graph.graph->inputs.begin(), graph.graph->inputs.end(), node) != graph.graph->inputs.end();
    case Role::kWeight: return parameters_of(graph, node).weights > 0;
    case Role::kBias: return parameters_of(graph, node).biases > 0;
    case Role::kProduct:
    case Role::kAccumulator: return sums_products(graph[node]);
    case Role::kOutput: return rounds_its_output(graph[node]);
    case Role::kSlope: break;
  }
  return false;
}

RoleValues role_values(const LoweredGraph& graph, NodeId node, Role role, const std::vector<Interval>& ranges) {
  if (!has_role(graph, node, role)) return {};
  const double size = static_cast<double>(graph[node].size);
  if (role == Role::kWeight || role == Role::kBias) {
    const ParameterValues values = parameter_values(graph, node);
    const auto& list = role == Role::kWeight ? values.weights : values.biases;
    return {.count = static_cast<double>(list.size()), .range = range_of(list), .fit = Fit::kRounded};
  }
  if (role == Role::kInput) return {.count = size, .range = range_at(ranges, node), .fit = Fit::kWhole};
  if (role == Role::kOutput) return {.count = size, .range = with_room(range_at(ranges, node)), .fit = Fit::kWhole};
  const Sums sums = sums_of(graph, node, ranges);
  return {.count = size, .range = with_room(around_zero(role == Role::kProduct ? sums.product : sums.total)), .fit = Fit::kWhole};
}

}  // namespace halfulp
