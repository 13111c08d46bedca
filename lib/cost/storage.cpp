#include "halfulp/cost/cost.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

constexpr double kExactParameterBits = 64;

double width_of(const std::optional<Format>& format) {
  return format ? static_cast<double>(format->width_bits) : kExactParameterBits;
}

}  // namespace

std::map<std::string, double> Cost::named() const {
  return {{"weight_bits", weight_bits},
          {"mean_weight_bits", mean_weight_bits},
          {"activation_bits", activation_bits},
          {"total", total}};
}

Cost cost_on(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats) {
  HALFULP_ASSERT(formats.size() == graph.nodes.size());
  Cost cost;
  double parameters = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto count = parameters_of(graph, static_cast<NodeId>(i));
    parameters += count.weights + count.biases;
    cost.weight_bits += count.weights * width_of(formats[i].weight) + count.biases * width_of(formats[i].bias);
    if (formats[i].output) cost.activation_bits += formats[i].output->width_bits * static_cast<double>(graph.nodes[i].size);
  }
  if (parameters > 0) cost.mean_weight_bits = cost.weight_bits / parameters;
  cost.total = target.per_weight_bit * cost.weight_bits + target.per_activation_bit * cost.activation_bits;
  return cost;
}

Cost storage_cost(const LoweredGraph& graph, const FormatAssignment& formats) { return cost_on(Target{}, graph, formats); }

}  // namespace halfulp
