#include "proof.hpp"

namespace halfulp::certificate {
namespace {

bool has_rule(const std::optional<Format>& format) {
  return !format || format->family == FormatFamily::kFixed || format->family == FormatFamily::kFloat;
}

Result<void> deploy_node(Network& network, NodeId id) {
  const LoweredNode& node = network[id];
  const NodeFormats& formats = (*network.formats)[static_cast<std::size_t>(id)];
  for (const auto* format : {&formats.weight, &formats.bias, &formats.product, &formats.accumulator, &formats.output, &formats.input}) {
    if (!has_rule(*format)) return fail("E0624", "the replay has rules for fixed and float formats only, not for " + (*format)->name, (*network.graph->graph)[id].name);
  }
  auto set = [&](std::vector<Constants>& to, const std::optional<Format>& format, const std::vector<double>& values, const std::vector<double>& radius) -> Result<void> {
    auto constants = deploy(format, values, radius);
    if (!constants) return fail(constants.error());
    to[static_cast<std::size_t>(id)] = *std::move(constants);
    return {};
  };
  if (const auto* linear = std::get_if<LinearForm>(&node.form)) {
    const LinearMap& map = linear->map;
    if (auto done = set(network.weight, map.has_stored_weights ? formats.weight : std::nullopt, map.weight, map.weight_radius); !done) return done;
    return set(network.bias, formats.bias, map.bias, map.bias_radius);
  }
  if (const auto* unary = std::get_if<UnaryForm>(&node.form)) return set(network.weight, formats.weight, unary->slope, {});
  const auto* binary = std::get_if<BinaryForm>(&node.form);
  if (binary == nullptr || (!binary->left_is_constant && !binary->right_is_constant)) return {};
  const auto& values = (*network.graph->graph)[node.operands[binary->left_is_constant ? 0 : 1]].constant;
  const bool scales = binary->kind == BinaryKind::kMultiply || binary->kind == BinaryKind::kDivide;
  return scales ? set(network.weight, formats.weight, values, {}) : set(network.bias, formats.bias, values, {});
}

}  // namespace

Result<Network> network_of(const LoweredGraph& graph, const FormatAssignment& formats) {
  const std::size_t count = graph.nodes.size();
  Network network{&graph, &formats, std::vector<bool>(count, false), std::vector<Constants>(count), std::vector<Constants>(count)};
  for (const NodeId output : graph.graph->outputs) network.needed[static_cast<std::size_t>(output)] = true;
  for (std::size_t i = count; i-- > 0;) {
    if (!network.needed[i]) continue;
    for (const NodeId operand : graph.nodes[i].operands) network.needed[static_cast<std::size_t>(operand)] = true;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!network.needed[i]) continue;
    if (auto done = deploy_node(network, static_cast<NodeId>(i)); !done) return fail(done.error());
  }
  return network;
}

}  // namespace halfulp::certificate
