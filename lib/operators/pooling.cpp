// max_pool, avg_pool and adaptive_avg_pool over the last one or two axes of x (N, C, spatial..). Average pooling is a linear
// map with structural weights of one and an integer divisor.
#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {
namespace {

struct Pool {
  Shape spatial_in, spatial_out, strides;
  std::vector<Window> windows;
  std::int64_t planes = 1, area_in = 1, area_out = 1;
};

// The extents of pooling over the last `rank` axes, without windows.
Result<Pool> extents_of(const Graph& graph, const Node& node, std::size_t rank) {
  const Shape& x = graph[node.inputs.at(0)].shape;
  if (x.size() < rank + 1 || node.shape.size() != x.size() || rank == 0) return misfit(node, "pooling needs spatial axes");
  Pool pool;
  pool.spatial_in.assign(x.end() - static_cast<std::ptrdiff_t>(rank), x.end());
  pool.spatial_out.assign(node.shape.end() - static_cast<std::ptrdiff_t>(rank), node.shape.end());
  pool.strides = strides_of(pool.spatial_in);
  pool.area_in = element_count(pool.spatial_in);
  pool.area_out = element_count(pool.spatial_out);
  pool.planes = element_count(x) / pool.area_in;
  return pool;
}

Result<Pool> pool_of(const Graph& graph, const Node& node) {
  const auto kernel = ints_attribute(node, "kernel");
  const std::size_t rank = graph[node.inputs.at(0)].shape.size() >= 4 ? 2 : kernel.size();
  auto pool = extents_of(graph, node, rank);
  if (!pool) return pool;
  const auto dilation = node.attributes.count("dilation") ? ints_attribute(node, "dilation") : std::vector<std::int64_t>{};
  pool->windows = windows_of(kernel, ints_attribute(node, "stride"), ints_attribute(node, "padding"), dilation, rank);
  return pool;
}

// Flat index in the plane of one window's tap, or -1 outside.
std::int64_t tap_index(const Pool& pool, const Shape& position, const Shape& tap) {
  std::int64_t at = 0;
  for (std::size_t axis = 0; axis < position.size(); ++axis) {
    const std::int64_t coordinate = pool.windows[axis].at(position[axis], tap[axis]);
    if (coordinate < 0 || coordinate >= pool.spatial_in[axis]) return -1;
    at += coordinate * pool.strides[axis];
  }
  return at;
}

Shape taps_of(const Pool& pool) {
  Shape taps;
  for (const Window& window : pool.windows) taps.push_back(window.kernel);
  return taps;
}

// Taps counted by the divisor when padding counts: those inside the padded extent (ceil mode may reach beyond it).
std::int64_t padded_count(const Pool& pool, const Shape& position) {
  std::int64_t count = 1;
  for (std::size_t axis = 0; axis < position.size(); ++axis) {
    const Window& window = pool.windows[axis];
    const std::int64_t start = window.at(position[axis], 0);
    const std::int64_t end = std::min(start + window.kernel, pool.spatial_in[axis] + window.padding);
    count *= end - start;
  }
  return count;
}

// A pooling average: taps as the depth, planes as groups.
LoweredNode average(const Node& node, const Pool& pool, const std::vector<std::vector<std::int32_t>>& members,
                    std::vector<std::uint32_t> divisor) {
  LinearMap map;
  map.groups = pool.planes;
  map.positions = pool.area_out;
  map.depth = 1;
  for (const auto& taps : members) map.depth = std::max<std::int64_t>(map.depth, static_cast<std::int64_t>(taps.size()));
  map.input_pattern.assign(static_cast<std::size_t>(map.depth * map.positions), -1);
  for (std::size_t p = 0; p < members.size(); ++p) {
    for (std::size_t k = 0; k < members[p].size(); ++k) {
      map.input_pattern[k * static_cast<std::size_t>(map.positions) + p] = members[p][k];
    }
    map.output_pattern.push_back(static_cast<std::int32_t>(p));
  }
  map.input_group_stride = pool.area_in;
  map.output_channel_stride = pool.area_out;
  map.inputs = pool.planes * pool.area_in;
  map.outputs = pool.planes * pool.area_out;
  map.weight.assign(static_cast<std::size_t>(map.groups * map.depth), 1.0);
  map.has_stored_weights = false;
  map.divisor = std::move(divisor);
  const std::int64_t size = map.outputs;
  return LoweredNode{.form = LinearForm{std::move(map)}, .operands = {node.inputs.at(0)}, .size = size};
}

}  // namespace

Result<LoweredNode> max_pool(const Graph& graph, const Node& node) {
  auto pool = pool_of(graph, node);
  if (!pool) return fail(pool.error());
  MaxForm form;
  form.first.push_back(0);
  const Shape taps = taps_of(*pool);
  for (std::int64_t plane = 0; plane < pool->planes; ++plane) {
    for_each_index(pool->spatial_out, [&](std::int64_t, const Shape& position) {
      for_each_index(taps, [&](std::int64_t, const Shape& tap) {
        const std::int64_t at = tap_index(*pool, position, tap);
        if (at >= 0) form.members.push_back(static_cast<std::int32_t>(plane * pool->area_in + at));
      });
      form.first.push_back(static_cast<std::int32_t>(form.members.size()));
    });
  }
  for (std::size_t i = 1; i < form.first.size(); ++i) {
    if (form.first[i] == form.first[i - 1]) return misfit(node, "a pooling window holds no element");
  }
  return LoweredNode{.form = std::move(form), .operands = {node.inputs.at(0)}, .size = element_count(node.shape)};
}

Result<LoweredNode> avg_pool(const Graph& graph, const Node& node) {
  auto pool = pool_of(graph, node);
  if (!pool) return fail(pool.error());
  const bool count_padding = bool_attribute(node, "count_include_pad", true);
  const std::int64_t forced = int_attribute(node, "divisor_override", 0);
  std::vector<std::vector<std::int32_t>> members(static_cast<std::size_t>(pool->area_out));
  std::vector<std::uint32_t> divisor;
  const Shape taps = taps_of(*pool);
  for_each_index(pool->spatial_out, [&](std::int64_t flat, const Shape& position) {
    auto& mine = members[static_cast<std::size_t>(flat)];
    for_each_index(taps, [&](std::int64_t, const Shape& tap) {
      const std::int64_t at = tap_index(*pool, position, tap);
      if (at >= 0) mine.push_back(static_cast<std::int32_t>(at));
    });
    const std::int64_t counted = count_padding ? padded_count(*pool, position) : static_cast<std::int64_t>(mine.size());
    divisor.push_back(static_cast<std::uint32_t>(forced > 0 ? forced : std::max<std::int64_t>(counted, 1)));
  });
  return average(node, *pool, members, std::move(divisor));
}

// Output o of n averages inputs floor(o L / n) up to ceil((o + 1) L / n), an axis at a time.
Result<LoweredNode> adaptive_avg_pool(const Graph& graph, const Node& node) {
  const std::size_t rank = ints_attribute(node, "output_size").size();
  auto pool = extents_of(graph, node, rank);
  if (!pool) return fail(pool.error());
  std::vector<std::vector<std::int32_t>> members(static_cast<std::size_t>(pool->area_out));
  std::vector<std::uint32_t> divisor;
  for_each_index(pool->spatial_out, [&](std::int64_t flat, const Shape& position) {
    Shape start, extent;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      const std::int64_t in = pool->spatial_in[axis], out = pool->spatial_out[axis];
      start.push_back(position[axis] * in / out);
      extent.push_back(((position[axis] + 1) * in + out - 1) / out - start.back());
    }
    auto& mine = members[static_cast<std::size_t>(flat)];
    for_each_index(extent, [&](std::int64_t, const Shape& tap) {
      std::int64_t at = 0;
      for (std::size_t axis = 0; axis < rank; ++axis) at += (start[axis] + tap[axis]) * pool->strides[axis];
      mine.push_back(static_cast<std::int32_t>(at));
    });
    divisor.push_back(static_cast<std::uint32_t>(mine.size()));
  });
  return average(node, *pool, members, std::move(divisor));
}

}  // namespace halfulp::rules
