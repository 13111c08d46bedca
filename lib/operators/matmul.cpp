// matmul(a, b): (.., R, K) x (.., K, C) with equal leading extents or a 2-D operand on either side. A constant right operand
// of two axes makes it a linear map.
#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {
namespace {

Result<LoweredNode> with_constant_weight(const Graph& graph, const Node& node) {
  const Node& a = graph[node.inputs[0]];
  const Node& w = graph[node.inputs[1]];
  const std::int64_t depth = w.shape[0], channels = w.shape[1];
  LinearMap map;
  map.channels = channels;
  map.depth = depth;
  map.positions = element_count(a.shape) / depth;
  map.inputs = element_count(a.shape);
  map.outputs = map.positions * channels;
  for (std::int64_t k = 0; k < depth; ++k) {
    for (std::int64_t p = 0; p < map.positions; ++p) map.input_pattern.push_back(static_cast<std::int32_t>(p * depth + k));
  }
  for (std::int64_t p = 0; p < map.positions; ++p) map.output_pattern.push_back(static_cast<std::int32_t>(p * channels));
  for (std::int64_t m = 0; m < channels; ++m) {
    for (std::int64_t k = 0; k < depth; ++k) map.weight.push_back(w.constant[static_cast<std::size_t>(k * channels + m)]);
  }
  const std::int64_t size = map.outputs;
  return LoweredNode{.form = LinearForm{std::move(map)}, .operands = {node.inputs[0]}, .size = size};
}

}  // namespace

Result<LoweredNode> matmul(const Graph& graph, const Node& node) {
  const Shape& a = graph[node.inputs.at(0)].shape;
  const Shape& b = graph[node.inputs.at(1)].shape;
  if (a.size() < 2 || b.size() < 2 || a.back() != b[b.size() - 2]) {
    return misfit(node, "matmul of " + to_string(a) + " and " + to_string(b) + " does not fit");
  }
  if (is_constant(graph, node.inputs[1]) && b.size() == 2) return with_constant_weight(graph, node);
  DotForm form;
  form.rows = a[a.size() - 2];
  form.depth = a.back();
  form.columns = b.back();
  form.batches = element_count(node.shape) / (form.rows * form.columns);
  const Shape batch_shape(node.shape.begin(), node.shape.end() - 2);
  const auto left_batch = broadcast_map(Shape(a.begin(), a.end() - 2), batch_shape);
  const auto right_batch = broadcast_map(Shape(b.begin(), b.end() - 2), batch_shape);
  if (left_batch.empty() || right_batch.empty()) return misfit(node, "matmul's leading extents do not broadcast");
  for (std::size_t batch = 0; batch < left_batch.size(); ++batch) {
    const std::int64_t left = left_batch[batch] * form.rows * form.depth;
    for (std::int64_t i = 0; i < form.rows * form.depth; ++i) form.left.push_back(static_cast<std::int32_t>(left + i));
    const std::int64_t right = right_batch[batch] * form.depth * form.columns;
    for (std::int64_t j = 0; j < form.columns; ++j) {
      for (std::int64_t k = 0; k < form.depth; ++k) {
        form.right.push_back(static_cast<std::int32_t>(right + k * form.columns + j));
      }
    }
  }
  return LoweredNode{.form = std::move(form), .operands = node.inputs, .size = element_count(node.shape)};
}

}  // namespace halfulp::rules
