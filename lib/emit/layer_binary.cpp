#include "codes.hpp"
#include "extent.hpp"
#include "layers.hpp"
#include "windows.hpp"

namespace halfulp::emit_detail {
namespace {

const char* kind_name(BinaryKind kind) {
  switch (kind) {
    case BinaryKind::kAdd: return "add";
    case BinaryKind::kSubtract: return "subtract";
    default: return "multiply";
  }
}

struct Operand {
  std::string type;
  Format format;
};

// A constant operand becomes a member function constant_left(i) or constant_right(i).
Result<Operand> operand(const Network& network, Layer& layer, std::size_t k, Configuration& config) {
  const NodeId id = network.form(layer.id).operands[k];
  const std::string side = k == 0 ? "left" : "right";
  const bool constant = is_constant_operand(network, layer.id, k);
  config.flag(side + "_is_constant", constant);
  if (!constant) return Operand{network.value_type(id), network.value_format(id)};
  const Format format = constant_operand_format(network, layer.id, id);
  if (format.width_bits > kMaxCodeBits) {
    const bool scales = std::get<BinaryForm>(network.form(layer.id).form).kind == BinaryKind::kMultiply;
    return missing_format(network.node(layer.id), scales ? "weight" : "bias", "the exact constant does not fit 64 bits");
  }
  const std::string type = network.name(layer.id) + "_" + side + "_t";
  layer.types.push_back({type, format});
  config.codes("constant_" + side, type, format, network.node(id).constant);
  return Operand{type, format};
}

}  // namespace

Result<void> binary_layer(const Network& network, const BinaryForm& form, Layer& layer) {
  const auto& operands = network.form(layer.id).operands;
  Configuration config(layer, network, "config");
  config.type("output_t", network.value_type(layer.id));
  config.integer("size", network.form(layer.id).size);
  config.line(std::string("static constexpr halfulp_rt::binary kind = halfulp_rt::binary::") + kind_name(form.kind) + ";");
  auto left = operand(network, layer, 0, config);
  if (!left) return fail(left.error());
  auto right = operand(network, layer, 1, config);
  if (!right) return fail(right.error());
  config.type("left_t", left->type);
  config.type("right_t", right->type);
  config.index("left", form.left);
  config.index("right", form.right);
  const Window window = sum_window(extent_of(left->format), extent_of(right->format));
  config.integer("window_lsb", window.lsb);
  config.integer("window_bits", window.bits);
  std::vector<NodeId> arrays;
  if (!form.left_is_constant) arrays.push_back(operands[0]);
  if (!form.right_is_constant) arrays.push_back(operands[1]);
  const char* kernel = arrays.size() == 2 ? "elementwise" : form.left_is_constant ? "elementwise_left" : "elementwise_right";
  layer.calls.push_back(config.call(kernel, std::move(arrays)));
  return {};
}

}  // namespace halfulp::emit_detail
