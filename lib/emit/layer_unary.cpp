#include <array>

#include "codes.hpp"
#include "extent.hpp"
#include "layers.hpp"
#include "windows.hpp"

namespace halfulp::emit_detail {
namespace {

Configuration element_config(const Network& network, Layer& layer) {
  Configuration config(layer, network, "config");
  config.type("input_t", network.value_type(network.form(layer.id).operands[0]));
  config.type("output_t", network.value_type(layer.id));
  config.integer("size", network.form(layer.id).size);
  return config;
}

Result<void> leaky(const Network& network, const UnaryForm& form, Layer& layer, Configuration& config) {
  const auto& weight = network.roles(layer.id).weight;
  const Format format = weight ? *weight : exact_fixed(extent_of(form.slope));
  if (format.width_bits > kMaxCodeBits) {
    return missing_format(network.node(layer.id), "weight", "the exact slope does not fit 64 bits");
  }
  const std::string type = network.name(layer.id) + "_weight_t";
  layer.types.push_back({type, format});
  config.type("weight_t", type);
  config.codes("slope", type, format, form.slope);
  return {};
}

Result<void> clamp(const Network& network, const UnaryForm& form, Layer& layer, Configuration& config) {
  const std::array<double, 2> limits = {form.low, form.high};
  const Format format = exact_fixed(extent_of(limits));
  if (format.width_bits > kMaxCodeBits) {
    return no_template(network.node(layer.id), "the limits do not fit 64 bits", "round the limits to a coarser grid");
  }
  const std::string type = network.name(layer.id) + "_limit_t";
  layer.types.push_back({type, format});
  config.type("limit_t", type);
  config.codes("low", type, format, std::span(limits).subspan(0, 1), true);
  config.codes("high", type, format, std::span(limits).subspan(1, 1), true);
  const Extent input = extent_of(network.value_format(network.form(layer.id).operands[0]));
  const Window window = sum_window(input, extent_of(format));
  config.integer("window_lsb", window.lsb);
  config.integer("window_bits", window.bits);
  return {};
}

}  // namespace

Result<void> unary_layer(const Network& network, const UnaryForm& form, Layer& layer) {
  const NodeId operand = network.form(layer.id).operands[0];
  Configuration config = element_config(network, layer);
  Result<void> ok = {};
  std::string kernel;
  switch (form.kind) {
    case UnaryKind::kNeg:
    case UnaryKind::kAbs:
      config.flag("absolute_value", form.kind == UnaryKind::kAbs);
      kernel = "negate";
      break;
    case UnaryKind::kRelu: kernel = "relu"; break;
    case UnaryKind::kLeakyRelu:
      ok = leaky(network, form, layer, config);
      kernel = "leaky_relu";
      break;
    case UnaryKind::kHardtanh:
      ok = clamp(network, form, layer, config);
      kernel = "hardtanh";
      break;
    default: return table_layer(network, layer);
  }
  if (!ok) return ok;
  layer.calls.push_back(config.call(kernel, {operand}));
  return {};
}

}  // namespace halfulp::emit_detail
