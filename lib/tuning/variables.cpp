#include "variables.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

// Share of the error budget that all free variables take together.
constexpr double kFreeShare = 0.06;
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

Interval range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

Interval with_room(const Interval& range) {
  const double room = magnitude(range) * kRoom;
  return {range.lo < 0 ? range.lo - room : range.lo, range.hi + room};
}

void set_pressures(std::vector<Variable>& variables) {
  double paid = 0, free = 0;
  for (const Variable& variable : variables) (variable.price > 0 ? paid : free) += variable.price > 0 ? variable.price : variable.count;
  const double scale = paid > 0 && free > 0 ? kFreeShare / (1 - kFreeShare) * paid / free : 1;
  for (Variable& variable : variables) variable.pressure = variable.price > 0 ? variable.price : variable.count * scale;
}

}  // namespace

std::vector<Variable> collect_variables(const LoweredGraph& graph, const std::vector<FormatPattern>& patterns,
                                        const std::vector<Interval>& ranges, const Target& target) {
  std::vector<Variable> variables;
  const auto add = [&](NodeId node, Role role, std::size_t count, double per_bit, const Interval& range, Fit fit) {
    if (count == 0) return;
    const double n = static_cast<double>(count);
    variables.push_back({.node = node, .role = role, .count = n, .price = n * per_bit, .pressure = 0, .range = range,
                         .levels = ladder(patterns, range, fit)});
  };
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto node = static_cast<NodeId>(i);
    const ParameterValues values = parameter_values(graph, node);
    if (!values.weights.empty()) add(node, Role::kWeight, values.weights.size(), target.per_weight_bit, range_of(values.weights), Fit::kRounded);
    if (!values.biases.empty()) add(node, Role::kBias, values.biases.size(), target.per_weight_bit, range_of(values.biases), Fit::kRounded);
    if (rounds_its_output(graph[node])) {
      add(node, Role::kOutput, static_cast<std::size_t>(graph[node].size), target.per_activation_bit, with_room(ranges[i]), Fit::kWhole);
    }
  }
  set_pressures(variables);
  return variables;
}

void widen(Variable& variable, const std::vector<FormatPattern>& patterns, int bits) {
  variable.range = {std::ldexp(variable.range.lo, bits), std::ldexp(variable.range.hi, bits)};
  variable.levels = ladder(patterns, variable.range, Fit::kWhole);
}

std::optional<Format>& format_of(NodeFormats& formats, Role role) {
  switch (role) {
    case Role::kWeight: return formats.weight;
    case Role::kBias: return formats.bias;
    case Role::kInput: return formats.input;
    case Role::kProduct: return formats.product;
    case Role::kAccumulator: return formats.accumulator;
    case Role::kOutput:
    case Role::kSlope: break;
  }
  return formats.output;
}

FormatAssignment with_levels(FormatAssignment formats, const std::vector<Variable>& variables, const Levels& levels) {
  HALFULP_ASSERT(levels.size() == variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Variable& variable = variables[i];
    format_of(formats[static_cast<std::size_t>(variable.node)], variable.role) = variable.levels[levels[i]].format;
  }
  return formats;
}

double price_of(const std::vector<Variable>& variables, const Levels& levels) {
  double price = 0;
  for (std::size_t i = 0; i < variables.size(); ++i) price += variables[i].price * variables[i].levels[levels[i]].format.width_bits;
  return price;
}

double amount_of(const std::vector<Contribution>& contributions, const Variable& variable) {
  for (const Contribution& each : contributions) {
    if (each.node == variable.node && each.role == variable.role) return each.amount;
  }
  return 0;
}

}  // namespace halfulp
