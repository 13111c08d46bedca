// conv(x, W, b?): cross-correlation over 1 or 2 spatial axes. x (N, C, spatial..), W (M, C / groups, kernel..), b (M).
// The summation index runs kernel row, kernel column, channel: channel last.
#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {
namespace {

void fill_patterns(LinearMap& map, const Shape& x, const Shape& kernel, const Shape& out,
                   const std::vector<Window>& windows, std::int64_t channels_per_group) {
  const std::size_t rank = kernel.size();
  Shape spatial_in(x.begin() + 2, x.end());
  Shape spatial_out(out.begin() + 2, out.end());
  const std::int64_t area_in = element_count(spatial_in), area_out = element_count(spatial_out);
  const Shape strides = strides_of(spatial_in);
  const std::int64_t batch = x[0];
  map.positions = batch * area_out;
  map.input_pattern.assign(static_cast<std::size_t>(map.depth * map.positions), -1);
  for_each_index(kernel, [&](std::int64_t tap_flat, const Shape& tap) {
    for_each_index(spatial_out, [&](std::int64_t out_flat, const Shape& position) {
      std::int64_t at = 0;
      for (std::size_t axis = 0; axis < rank; ++axis) {
        const std::int64_t coordinate = windows[axis].at(position[axis], tap[axis]);
        if (coordinate < 0 || coordinate >= spatial_in[axis]) return;
        at += coordinate * strides[axis];
      }
      for (std::int64_t n = 0; n < batch; ++n) {
        for (std::int64_t c = 0; c < channels_per_group; ++c) {
          const std::int64_t k = tap_flat * channels_per_group + c;
          map.input_pattern[static_cast<std::size_t>(k * map.positions + n * area_out + out_flat)] =
              static_cast<std::int32_t>((n * x[1] + c) * area_in + at);
        }
      }
    });
  });
  map.input_group_stride = channels_per_group * area_in;
  for (std::int64_t n = 0; n < batch; ++n) {
    for (std::int64_t p = 0; p < area_out; ++p) {
      map.output_pattern.push_back(static_cast<std::int32_t>(n * out[1] * area_out + p));
    }
  }
  map.output_channel_stride = area_out;
}

}  // namespace

Result<LoweredNode> conv(const Graph& graph, const Node& node) {
  const Node& x = graph[node.inputs.at(0)];
  const Node& w = graph[node.inputs.at(1)];
  const std::int64_t groups = int_attribute(node, "groups", 1);
  if (!is_constant(graph, node.inputs[1])) return misfit(node, "conv needs a constant weight");
  if (w.shape.size() < 3 || w.shape.size() > 4 || x.shape.size() != w.shape.size() || node.shape.size() != x.shape.size()) {
    return misfit(node, "conv takes x (N, C, spatial..) with 1 or 2 spatial axes, got " + to_string(x.shape));
  }
  const std::int64_t per_group = w.shape[1];
  if (groups < 1 || per_group * groups != x.shape[1] || w.shape[0] % groups != 0 || node.shape[1] != w.shape[0] ||
      node.shape[0] != x.shape[0]) {
    return misfit(node, "channels of x and weight do not agree");
  }
  const Shape kernel(w.shape.begin() + 2, w.shape.end());
  const auto windows = windows_of(kernel, ints_attribute(node, "stride"), ints_attribute(node, "padding"),
                                  ints_attribute(node, "dilation"), kernel.size());
  LinearMap map;
  map.groups = groups;
  map.channels = w.shape[0] / groups;
  map.depth = per_group * element_count(kernel);
  fill_patterns(map, x.shape, kernel, node.shape, windows, per_group);
  map.inputs = element_count(x.shape);
  map.outputs = element_count(node.shape);
  const std::int64_t taps = element_count(kernel);
  map.weight.resize(w.constant.size());
  for (std::int64_t m = 0; m < w.shape[0]; ++m) {
    for (std::int64_t c = 0; c < per_group; ++c) {
      for (std::int64_t tap = 0; tap < taps; ++tap) {
        map.weight[static_cast<std::size_t>(m * map.depth + tap * per_group + c)] =
            w.constant[static_cast<std::size_t>((m * per_group + c) * taps + tap)];
      }
    }
  }
  if (node.inputs.size() > 2) {
    if (!is_constant(graph, node.inputs[2]) || element_count(graph[node.inputs[2]].shape) != w.shape[0]) {
      return misfit(node, "conv needs a constant bias of shape (out channels)");
    }
    map.bias = graph[node.inputs[2]].constant;
  }
  const std::int64_t size = map.outputs;
  return LoweredNode{.form = LinearForm{std::move(map)}, .operands = {node.inputs[0]}, .size = size};
}

}  // namespace halfulp::rules
