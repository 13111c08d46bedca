#include "codes.hpp"
#include "layers.hpp"

namespace halfulp::emit_detail {
namespace {

// Moves `from` of one operand to `to` of the result.
void move_operand(const Network& network, Layer& layer, std::size_t k, std::span<const std::int32_t> from,
                  std::span<const std::int32_t> to) {
  const NodeId operand = network.form(layer.id).operands[k];
  Configuration config(layer, network, network.form(layer.id).operands.size() == 1 ? "config" : "part" + std::to_string(k));
  config.type("input_t", network.value_type(operand));
  config.type("output_t", network.value_type(layer.id));
  config.integer("count", std::ssize(from));
  config.index("from", from);
  config.index("to", to);
  layer.calls.push_back(config.call("gather", {operand}));
}

void fill(const Network& network, Layer& layer, double value, std::span<const std::int32_t> to) {
  Configuration config(layer, network, "fill");
  const std::string type = network.value_type(layer.id);
  config.type("output_t", type);
  config.integer("count", std::ssize(to));
  const double values[] = {value};
  config.codes("value", type, network.value_format(layer.id), values, true);
  config.index("to", to);
  layer.calls.push_back(config.call("fill", {}));
}

}  // namespace

Result<void> gather_layer(const Network& network, const GatherForm& form, Layer& layer) {
  const auto& operands = network.form(layer.id).operands;
  if (operands.size() == 1 && is_identity(form.source) && std::ssize(form.source) == network.form(operands[0]).size &&
      network.value_format(operands[0]) == network.value_format(layer.id)) {
    layer.alias = true;
    return {};
  }
  std::vector<std::int32_t> to_fill;
  for (std::size_t i = 0; i < form.source.size(); ++i) {
    if (form.source[i] < 0) to_fill.push_back(static_cast<std::int32_t>(i));
  }
  if (!to_fill.empty()) fill(network, layer, form.fill, to_fill);
  std::int64_t first = 0;
  for (std::size_t k = 0; k < operands.size(); ++k) {
    const std::int64_t size = network.form(operands[k]).size;
    std::vector<std::int32_t> from, to;
    for (std::size_t i = 0; i < form.source.size(); ++i) {
      if (form.source[i] < first || form.source[i] >= first + size) continue;
      from.push_back(static_cast<std::int32_t>(form.source[i] - first));
      to.push_back(static_cast<std::int32_t>(i));
    }
    if (!from.empty()) move_operand(network, layer, k, from, to);
    first += size;
  }
  return {};
}

Result<void> maximum_layer(const Network& network, const MaxForm& form, Layer& layer) {
  const NodeId operand = network.form(layer.id).operands[0];
  Configuration config(layer, network, "config");
  config.type("input_t", network.value_type(operand));
  config.type("output_t", network.value_type(layer.id));
  config.integer("size", network.form(layer.id).size);
  config.index("first", form.first);
  config.index("member", form.members);
  layer.calls.push_back(config.call("maximum", {operand}));
  return {};
}

}  // namespace halfulp::emit_detail
