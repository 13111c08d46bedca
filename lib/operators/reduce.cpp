// mean, sum and amax over axes `dims` (empty: all).
#include <algorithm>

#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {
namespace {

// For each output element, the inputs it reduces, in row-major order.
std::vector<std::vector<std::int32_t>> reduced_members(const Graph& graph, const Node& node) {
  const Shape& x = graph[node.inputs.at(0)].shape;
  const auto dims = ints_attribute(node, "dims");
  std::vector<bool> reduced(x.size(), dims.empty());
  for (const std::int64_t dim : dims) reduced.at(static_cast<std::size_t>(dim)) = true;
  Shape kept = x;
  for (std::size_t axis = 0; axis < x.size(); ++axis) {
    if (reduced[axis]) kept[axis] = 1;
  }
  const Shape strides = strides_of(kept);
  std::vector<std::vector<std::int32_t>> members(static_cast<std::size_t>(element_count(kept)));
  for_each_index(x, [&](std::int64_t flat, const Shape& index) {
    std::int64_t at = 0;
    for (std::size_t axis = 0; axis < x.size(); ++axis) {
      if (!reduced[axis]) at += index[axis] * strides[axis];
    }
    members[static_cast<std::size_t>(at)].push_back(static_cast<std::int32_t>(flat));
  });
  return members;
}

LoweredNode summation(const Graph& graph, const Node& node, bool divide) {
  const auto members = reduced_members(graph, node);
  LinearMap map;
  map.positions = static_cast<std::int64_t>(members.size());
  map.depth = static_cast<std::int64_t>(members.empty() ? 0 : members[0].size());
  map.inputs = element_count(graph[node.inputs[0]].shape);
  map.outputs = map.positions;
  map.input_pattern.resize(static_cast<std::size_t>(map.depth * map.positions));
  for (std::size_t p = 0; p < members.size(); ++p) {
    for (std::size_t k = 0; k < members[p].size(); ++k) map.input_pattern[k * members.size() + p] = members[p][k];
    map.output_pattern.push_back(static_cast<std::int32_t>(p));
  }
  map.weight.assign(static_cast<std::size_t>(map.depth), 1.0);
  map.has_stored_weights = false;
  if (divide) map.divisor.assign(members.size(), static_cast<std::uint32_t>(map.depth));
  const std::int64_t size = map.outputs;
  return LoweredNode{.form = LinearForm{std::move(map)}, .operands = {node.inputs[0]}, .size = size};
}

}  // namespace

Result<LoweredNode> mean(const Graph& graph, const Node& node) { return summation(graph, node, true); }
Result<LoweredNode> sum(const Graph& graph, const Node& node) { return summation(graph, node, false); }

Result<LoweredNode> amax(const Graph& graph, const Node& node) {
  MaxForm form;
  form.first.push_back(0);
  for (const auto& members : reduced_members(graph, node)) {
    form.members.insert(form.members.end(), members.begin(), members.end());
    form.first.push_back(static_cast<std::int32_t>(form.members.size()));
  }
  return LoweredNode{.form = std::move(form), .operands = {node.inputs[0]}, .size = element_count(node.shape)};
}

}  // namespace halfulp::rules
