#include "codes.hpp"
#include "extent.hpp"
#include "layers.hpp"
#include "windows.hpp"

namespace halfulp::emit_detail {
namespace {

// The index of input k at position p: one sum of two short tables where no padding breaks the regularity.
void input_pattern(const LinearMap& map, Configuration& config) {
  const auto& pattern = map.input_pattern;
  const std::int64_t depth = map.depth, positions = map.positions;
  const auto at = [&](std::int64_t k, std::int64_t p) { return pattern[static_cast<std::size_t>(k * positions + p)]; };
  bool separable = !pattern.empty();
  for (std::int64_t k = 0; k < depth && separable; ++k) {
    for (std::int64_t p = 0; p < positions && separable; ++p) {
      separable = at(k, p) >= 0 && at(k, p) == at(k, 0) + at(0, p) - at(0, 0);
    }
  }
  if (!separable) {
    const std::string name = config.table("input_index", index_type(pattern), texts(pattern));
    config.line("static int input_of(int k, int p) { return " + name + "[k * positions + p]; }");
    return;
  }
  std::vector<std::int32_t> by_k, by_p;
  for (std::int64_t k = 0; k < depth; ++k) by_k.push_back(at(k, 0));
  for (std::int64_t p = 0; p < positions; ++p) by_p.push_back(at(0, p) - at(0, 0));
  config.index("input_of_term", by_k);
  config.index("input_of_position", by_p);
  config.line("static int input_of(int k, int p) { return input_of_term(k) + input_of_position(p); }");
}

std::string order_name(const SummationOrder& order) {
  switch (order.kind) {
    case SummationOrder::Kind::kSequential: return "sequential";
    case SummationOrder::Kind::kBlocked: return "blocked";
    case SummationOrder::Kind::kTree: return "tree";
  }
  return "sequential";
}

void shape(const LinearMap& map, Configuration& config) {
  config.integer("groups", map.groups);
  config.integer("channels", map.channels);
  config.integer("depth", map.depth);
  config.integer("positions", map.positions);
  config.integer("inputs", map.inputs);
  config.integer("outputs", map.outputs);
  config.integer("input_group_stride", map.input_group_stride);
  config.integer("output_channel_stride", map.output_channel_stride);
  input_pattern(map, config);
  config.index("output_of", map.output_pattern);
}

void optional_role(Layer& layer, Configuration& config, const std::string& prefix, const std::string& role,
                   const std::optional<Format>& format) {
  if (!format) return config.type(role + "_t", "halfulp_rt::exact");
  const std::string type = prefix + "_" + role + "_t";
  layer.types.push_back({type, *format});
  config.type(role + "_t", type);
}

void divisor(const LinearMap& map, const LinearWidths& widths, Configuration& config) {
  config.flag("has_divisor", divides(map));
  if (!divides(map)) return;
  config.integer("quotient_guard", widths.quotient_guard);
  config.integer("quotient_bits", widths.quotient_bits);
  std::vector<std::string> values;
  for (const std::uint32_t n : map.divisor) values.push_back(std::to_string(n) + "u");
  const std::string name = config.table("divisor", "std::uint32_t", std::move(values));
  config.line("static std::uint32_t divisor(int p) { return " + name + "[p]; }");
}

Result<void> constants(const Network& network, Layer& layer, Configuration& config) {
  const std::string& name = network.name(layer.id);
  const LinearConstants values = linear_constants(network, layer.id);
  if (values.weight_format.width_bits > kMaxCodeBits) {
    return missing_format(network.node(layer.id), "weight", "the exact weights do not fit 64 bits");
  }
  layer.types.push_back({name + "_weight_t", values.weight_format});
  config.type("weight_t", name + "_weight_t");
  config.codes("weight", name + "_weight_t", values.weight_format, values.weight);
  config.flag("has_bias", values.bias_format.has_value());
  if (!values.bias_format) return {};
  if (values.bias_format->width_bits > kMaxCodeBits) {
    return missing_format(network.node(layer.id), "bias", "the exact bias does not fit 64 bits");
  }
  layer.types.push_back({name + "_bias_t", *values.bias_format});
  config.type("bias_t", name + "_bias_t");
  config.codes("bias", name + "_bias_t", *values.bias_format, values.bias);
  return {};
}

}  // namespace

Result<void> linear_layer(const Network& network, const LinearForm& form, Layer& layer) {
  const NodeFormats& roles = network.roles(layer.id);
  const NodeId operand = network.form(layer.id).operands[0];
  const LinearWidths widths = linear_widths(network, layer.id);
  Configuration config(layer, network, "config");
  config.type("input_t", network.value_type(operand));
  config.type("output_t", network.value_type(layer.id));
  optional_role(layer, config, network.name(layer.id), "product", roles.product);
  optional_role(layer, config, network.name(layer.id), "accumulator", roles.accumulator);
  shape(form.map, config);
  config.line("static constexpr halfulp_rt::summation order = halfulp_rt::summation::" + order_name(roles.order) + ";");
  config.integer("block", roles.order.kind == SummationOrder::Kind::kBlocked ? roles.order.block : 0);
  config.integer("window_lsb", widths.window.lsb);
  config.integer("window_bits", widths.window.bits);
  if (auto ok = constants(network, layer, config); !ok) return ok;
  divisor(form.map, widths, config);
  layer.accumulator_bits = widths.window.bits;
  layer.calls.push_back(config.call("linear", {operand}));
  return {};
}

}  // namespace halfulp::emit_detail
