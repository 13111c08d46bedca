// softmax(x; dim): exp(x_i) / sum_j exp(x_j) along one axis.
#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {

Result<LoweredNode> softmax(const Graph&, const Node& node) {
  const std::int64_t dim = int_attribute(node, "dim");
  if (dim < 0 || dim >= static_cast<std::int64_t>(node.shape.size())) return misfit(node, "softmax axis outside the shape");
  SoftmaxForm form;
  form.length = node.shape[static_cast<std::size_t>(dim)];
  const std::int64_t stride = strides_of(node.shape)[static_cast<std::size_t>(dim)];
  for_each_index(node.shape, [&](std::int64_t flat, const Shape& index) {
    if (index[static_cast<std::size_t>(dim)] != 0) return;
    for (std::int64_t j = 0; j < form.length; ++j) form.members.push_back(static_cast<std::int32_t>(flat + j * stride));
  });
  return LoweredNode{.form = std::move(form), .operands = {node.inputs.at(0)}, .size = element_count(node.shape)};
}

}  // namespace halfulp::rules
