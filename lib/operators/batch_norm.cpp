// batch_norm(x, gamma, beta, mean, var; eps) in inference: y = a x + b a channel, a = gamma / sqrt(var + eps),
// b = beta - mean a. a and b are real numbers; the map holds the doubles nearest the computed ones with a proved radius.
#include <cmath>

#include "halfulp/enclosure/interval.hpp"
#include "rules.hpp"

namespace halfulp::rules {

Result<LoweredNode> batch_norm(const Graph& graph, const Node& node) {
  const Node& x = graph[node.inputs.at(0)];
  if (node.inputs.size() != 5 || x.shape.size() < 2) return misfit(node, "batch_norm needs x, gamma, beta, mean, var");
  const std::int64_t channels = x.shape[1];
  for (std::size_t i = 1; i < 5; ++i) {
    if (!is_constant(graph, node.inputs[i]) || element_count(graph[node.inputs[i]].shape) != channels) {
      return misfit(node, "batch_norm needs constant parameters of shape (channels)");
    }
  }
  const Interval eps(real_attribute(node, "eps"));
  LinearMap map;
  map.groups = channels;
  const std::int64_t area = element_count(x.shape) / (channels * x.shape[0]);
  map.positions = x.shape[0] * area;
  map.inputs = map.outputs = element_count(x.shape);
  for (std::int64_t n = 0; n < x.shape[0]; ++n) {
    for (std::int64_t p = 0; p < area; ++p) {
      map.input_pattern.push_back(static_cast<std::int32_t>(n * channels * area + p));
    }
  }
  map.output_pattern = map.input_pattern;
  map.input_group_stride = area;
  map.output_channel_stride = area;
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
    const double variance = graph[node.inputs[4]].constant[c];
    if (!(variance + eps.lo > 0)) return misfit(node, "batch_norm variance + eps is not positive");
    const Interval a = Interval(graph[node.inputs[1]].constant[c]) / sqrt(Interval(variance) + eps);
    const Interval b = Interval(graph[node.inputs[2]].constant[c]) - Interval(graph[node.inputs[3]].constant[c]) * a;
    map.weight.push_back(midpoint(a));
    map.weight_radius.push_back(magnitude(a - Interval(map.weight.back())));
    map.bias.push_back(midpoint(b));
    map.bias_radius.push_back(magnitude(b - Interval(map.bias.back())));
  }
  const std::int64_t size = map.outputs;
  return LoweredNode{.form = LinearForm{std::move(map)}, .operands = {node.inputs[0]}, .size = size};
}

}  // namespace halfulp::rules
