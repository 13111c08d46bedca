#include <algorithm>

#include "carrier.hpp"
#include "overloaded.hpp"

namespace halfulp {

Carriers::Carriers(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats,
                   const std::vector<CostModel::Counts>& counts, const AccumulatorBits& accumulator_bits)
    : target_(target), graph_(graph), formats_(formats), counts_(counts), accumulator_bits_(accumulator_bits), known_(graph.nodes.size()) {}

const Carrier& Carriers::of(NodeId id) {
  auto& known = known_[static_cast<std::size_t>(id)];
  if (!known) known = compute(id);
  return *known;
}

Carrier Carriers::parameter(const std::optional<Format>& format) const {
  static const Carrier as_stored = carrier_of(make_float(11, 52));
  return format ? carrier_of(*format) : as_stored;
}

Carrier Carriers::product(NodeId id) {
  const LoweredNode& node = graph_[id];
  const NodeFormats& formats = formats_[static_cast<std::size_t>(id)];
  if (formats.product) return carrier_of(*formats.product);
  if (std::holds_alternative<DotForm>(node.form)) return product_of(of(node.operands.at(0)), of(node.operands.at(1)));
  const auto& linear = std::get<LinearForm>(node.form);
  if (!linear.map.has_stored_weights) return of(node.operands.at(0));
  return product_of(of(node.operands.at(0)), parameter(formats.weight));
}

Carrier Carriers::accumulator(NodeId id, const Carrier& product) {
  const auto index = static_cast<std::size_t>(id);
  const NodeFormats& formats = formats_[index];
  if (formats.accumulator) return carrier_of(*formats.accumulator);
  Carrier term = product;
  if (counts_[index].biases > 0 && formats.bias) term = either(term, carrier_of(*formats.bias));
  const Carrier exact = sum_of(term, counts_[index].longest_sum);
  if (index < accumulator_bits_.size() && accumulator_bits_[index]) return fixed_carrier(exact.low, *accumulator_bits_[index]);
  return exact;
}

Carrier Carriers::compute(NodeId id) {
  const NodeFormats& formats = formats_[static_cast<std::size_t>(id)];
  if (formats.output) return carrier_of(*formats.output);
  if (std::holds_alternative<SourceForm>(graph_[id].form)) return carrier_of(formats.input ? *formats.input : target_.exact_value);
  return unrounded(id);
}

Carrier Carriers::unrounded_binary(NodeId id, const BinaryForm& form) {
  const LoweredNode& node = graph_[id];
  const NodeFormats& formats = formats_[static_cast<std::size_t>(id)];
  const bool scales = form.kind == BinaryKind::kMultiply || form.kind == BinaryKind::kDivide;
  const auto operand = [&](std::size_t which, bool is_constant) {
    return is_constant ? parameter(scales ? formats.weight : formats.bias) : of(node.operands.at(which));
  };
  if (form.kind == BinaryKind::kDivide) return carrier_of(target_.exact_value);
  const Carrier left = operand(0, form.left_is_constant), right = operand(1, form.right_is_constant);
  return scales ? product_of(left, right) : sum_of(either(left, right), 2);
}

Carrier Carriers::unrounded(NodeId id) {
  const LoweredNode& node = graph_[id];
  const auto widest_operand = [&] {
    Carrier widest = of(node.operands.at(0));
    for (const NodeId operand : node.operands) widest = either(widest, of(operand));
    return widest;
  };
  const auto exact_value = [&] { return carrier_of(target_.exact_value); };
  return std::visit(
      Overloaded{[&](const SourceForm&) { return exact_value(); },
                 [&](const GatherForm&) { return node.operands.empty() ? exact_value() : widest_operand(); },
                 [&](const LinearForm&) { return accumulator(id, product(id)); },
                 [&](const DotForm&) { return accumulator(id, product(id)); },
                 [&](const MaxForm&) { return widest_operand(); },
                 [&](const SoftmaxForm&) { return exact_value(); },
                 [&](const UnaryForm& form) {
                   switch (form.kind) {
                     case UnaryKind::kNeg:
                     case UnaryKind::kAbs:
                     case UnaryKind::kRelu:
                     case UnaryKind::kHardtanh: return widest_operand();
                     case UnaryKind::kLeakyRelu:
                       return product_of(widest_operand(), parameter(formats_[static_cast<std::size_t>(id)].weight));
                     default: return exact_value();
                   }
                 },
                 [&](const BinaryForm& form) { return unrounded_binary(id, form); }},
      node.form);
}

}  // namespace halfulp
