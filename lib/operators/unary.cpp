// Element-wise functions of one operand.
#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {
namespace {

LoweredNode node_of(const Node& node, UnaryForm form) {
  return LoweredNode{.form = std::move(form), .operands = {node.inputs.at(0)}, .size = element_count(node.shape)};
}

}  // namespace

Result<LoweredNode> unary(const Graph&, const Node& node) {
  static const std::map<std::string, UnaryKind> kinds = {
      {"neg", UnaryKind::kNeg},   {"abs", UnaryKind::kAbs},         {"relu", UnaryKind::kRelu}, {"tanh", UnaryKind::kTanh},
      {"exp", UnaryKind::kExp},   {"sigmoid", UnaryKind::kSigmoid}, {"log", UnaryKind::kLog},   {"sqrt", UnaryKind::kSqrt},
      {"sin", UnaryKind::kSin},   {"cos", UnaryKind::kCos},         {"atan", UnaryKind::kAtan}, {"erf", UnaryKind::kErf}};
  UnaryForm form;
  form.kind = kinds.at(node.op);
  return node_of(node, form);
}

Result<LoweredNode> leaky_relu(const Graph&, const Node& node) {
  UnaryForm form;
  form.kind = UnaryKind::kLeakyRelu;
  form.slope = {real_attribute(node, "slope")};
  return node_of(node, form);
}

// prelu(x, w): slope w, one value, or one a channel (axis 1).
Result<LoweredNode> prelu(const Graph& graph, const Node& node) {
  const Node& w = graph[node.inputs.at(1)];
  if (!is_constant(graph, node.inputs[1])) return misfit(node, "prelu needs a constant slope");
  UnaryForm form;
  form.kind = UnaryKind::kLeakyRelu;
  if (w.constant.size() == 1) {
    form.slope = w.constant;
    return node_of(node, form);
  }
  if (node.shape.size() < 2 || node.shape[1] != static_cast<std::int64_t>(w.constant.size())) {
    return misfit(node, "prelu needs one slope, or one a channel");
  }
  const std::int64_t inner = element_count(node.shape) / (node.shape[0] * node.shape[1]);
  for (std::int64_t n = 0; n < node.shape[0]; ++n) {
    for (const double slope : w.constant) form.slope.insert(form.slope.end(), static_cast<std::size_t>(inner), slope);
  }
  return node_of(node, form);
}

Result<LoweredNode> hardtanh(const Graph&, const Node& node) {
  UnaryForm form;
  form.kind = UnaryKind::kHardtanh;
  form.low = real_attribute(node, "min");
  form.high = real_attribute(node, "max");
  if (form.low > form.high) return misfit(node, "hardtanh has min above max");
  return node_of(node, form);
}

Result<LoweredNode> power(const Graph&, const Node& node) {
  UnaryForm form;
  form.kind = UnaryKind::kPower;
  form.exponent = static_cast<int>(int_attribute(node, "exponent"));
  return node_of(node, form);
}

}  // namespace halfulp::rules
