#include <algorithm>

#include "extent.hpp"
#include "network.hpp"
#include "windows.hpp"

namespace halfulp::emit_detail {
namespace {

Format union_format(const Format& a, const Extent& b) { return exact_fixed(hull_of(extent_of(a), b)); }

Result<Format> of_source(const Network& network, NodeId id, const SourceForm& form) {
  const Node& node = network.node(id);
  if (form.is_constant) return exact_fixed(extent_of(node.constant));
  const auto& input = network.roles(id).input;
  if (!input) return missing_format(node, "input", "hardware reads codes, not real numbers");
  return *input;
}

Result<Format> of_gather(const Network& network, NodeId id, const GatherForm& form) {
  const auto& operands = network.form(id).operands;
  const bool fills = std::find(form.source.begin(), form.source.end(), -1) != form.source.end();
  const std::vector<double> fill(fills ? 1 : 0, form.fill);
  if (operands.empty()) return exact_fixed(extent_of(fill));
  const Format& first = network.value_format(operands[0]);
  bool same = holds(first, fill);
  Format all = fills ? union_format(first, extent_of(fill)) : first;
  for (const NodeId operand : operands) {
    const Format& format = network.value_format(operand);
    same = same && format == first;
    all = union_format(all, extent_of(format));
  }
  return same ? first : all;
}

// Whether some output is its bias alone, because every term of its dot product is padding: no addition rounds it then.
bool has_bare_bias(const LinearMap& map) {
  if (map.bias.empty()) return false;
  for (std::int64_t p = 0; p < map.positions; ++p) {
    bool bare = true;
    for (std::int64_t k = 0; k < map.depth && bare; ++k) bare = map.input_of(0, k, p) < 0;
    if (bare) return true;
  }
  return false;
}

Result<Format> of_linear(const Network& network, NodeId id, const LinearForm& form) {
  const NodeFormats& roles = network.roles(id);
  if (divides(form.map)) return missing_format(network.node(id), "output", "a quotient has no exact finite width");
  if (roles.accumulator && !has_bare_bias(form.map)) return *roles.accumulator;
  const LinearWidths widths = linear_widths(network, id);
  return exact_fixed({widths.window.lsb, widths.sum_top, true});
}

Result<Format> of_unary(const Network& network, NodeId id, const UnaryForm& form) {
  const Node& node = network.node(id);
  const Format& x = network.value_format(network.form(id).operands[0]);
  switch (form.kind) {
    case UnaryKind::kRelu: return x;
    case UnaryKind::kNeg:
    case UnaryKind::kAbs:
      if (x.family == FormatFamily::kFloat && x.is_signed) return x;
      return exact_fixed({extent_of(x).lsb, extent_of(x).top, true});
    case UnaryKind::kHardtanh: {
      const std::vector<double> limits = {form.low, form.high};
      return holds(x, limits) ? x : union_format(x, extent_of(limits));
    }
    default: return missing_format(node, "output", "the function's values have no exact finite width");
  }
}

Extent operand_extent(const Network& network, NodeId id, std::size_t k) {
  const NodeId operand = network.form(id).operands[k];
  if (is_constant_operand(network, id, k)) return extent_of(constant_operand_format(network, id, operand));
  return extent_of(network.value_format(operand));
}

Result<Format> of_binary(const Network& network, NodeId id, const BinaryForm& form) {
  const Extent a = operand_extent(network, id, 0), b = operand_extent(network, id, 1);
  if (form.kind == BinaryKind::kMultiply) return exact_fixed(product_of(a, b));
  if (form.kind == BinaryKind::kDivide) {
    return no_template(network.node(id), "division of two values has no hardware template",
                       "multiply by a reciprocal, or divide by a constant power of two");
  }
  Extent sum = hull_of(a, b);
  sum.top += 1;
  sum.is_signed = sum.is_signed || form.kind == BinaryKind::kSubtract;
  return exact_fixed(sum);
}

struct Infer {
  const Network& network;
  NodeId id;

  Result<Format> operator()(const SourceForm& f) const { return of_source(network, id, f); }
  Result<Format> operator()(const GatherForm& f) const { return of_gather(network, id, f); }
  Result<Format> operator()(const LinearForm& f) const { return of_linear(network, id, f); }
  Result<Format> operator()(const UnaryForm& f) const { return of_unary(network, id, f); }
  Result<Format> operator()(const BinaryForm& f) const { return of_binary(network, id, f); }
  Result<Format> operator()(const MaxForm&) const {
    return network.value_format(network.form(id).operands[0]);
  }
  Result<Format> operator()(const SoftmaxForm&) const {
    return no_template(network.node(id), "softmax has no hardware template",
                       "emit the network up to the logits: their order is the order of the probabilities");
  }
  Result<Format> operator()(const DotForm&) const {
    return no_template(network.node(id), "a product of two computed matrices has no hardware template",
                       "only products with constant weights are emitted");
  }
};

bool is_refused(const Form& form) {
  const auto* binary = std::get_if<BinaryForm>(&form);
  return std::holds_alternative<SoftmaxForm>(form) || std::holds_alternative<DotForm>(form) ||
         (binary != nullptr && binary->kind == BinaryKind::kDivide);
}

}  // namespace

bool is_constant_operand(const Network& network, NodeId id, std::size_t operand) {
  const auto* form = std::get_if<BinaryForm>(&network.form(id).form);
  return form != nullptr && (operand == 0 ? form->left_is_constant : form->right_is_constant);
}

Format constant_operand_format(const Network& network, NodeId id, NodeId operand) {
  const auto& form = std::get<BinaryForm>(network.form(id).form);
  const NodeFormats& roles = network.roles(id);
  const bool scales = form.kind == BinaryKind::kMultiply || form.kind == BinaryKind::kDivide;
  const auto& format = scales ? roles.weight : roles.bias;
  return format ? *format : exact_fixed(extent_of(network.node(operand).constant));
}

Result<Format> infer_value_format(const Network& network, NodeId id) {
  const LoweredNode& node = network.form(id);
  const bool is_source = std::holds_alternative<SourceForm>(node.form);
  const auto& output = network.roles(id).output;
  if (output && !is_source && !is_refused(node.form)) return *output;
  return std::visit(Infer{network, id}, node.form);
}

}  // namespace halfulp::emit_detail
