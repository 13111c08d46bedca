// Data movement: each result element is one operand element, or the constant that `pad` fills with.
#include "indexing.hpp"
#include "rules.hpp"

namespace halfulp::rules {
namespace {

// Builds the Gather whose element at `index` of the result takes operand element at(index).
template <typename At>
LoweredNode gather(const Node& node, double fill, At&& at) {
  GatherForm form;
  form.fill = fill;
  form.source.resize(static_cast<std::size_t>(element_count(node.shape)));
  for_each_index(node.shape, [&](std::int64_t flat, const Shape& index) {
    form.source[static_cast<std::size_t>(flat)] = static_cast<std::int32_t>(at(flat, index));
  });
  return LoweredNode{.form = std::move(form), .operands = node.inputs, .size = element_count(node.shape)};
}

std::int64_t dot(const Shape& index, const Shape& strides) {
  std::int64_t at = 0;
  for (std::size_t axis = 0; axis < index.size(); ++axis) at += index[axis] * strides[axis];
  return at;
}

Result<LoweredNode> joined(const Graph& graph, const Node& node, bool new_axis) {
  const auto dim = static_cast<std::size_t>(int_attribute(node, "dim"));
  if (dim >= node.shape.size()) return misfit(node, "axis outside the shape");
  struct Part {
    std::int64_t start, offset;
    Shape strides;
  };
  std::vector<Part> parts;
  std::int64_t start = 0, offset = 0;
  for (const NodeId id : node.inputs) {
    Shape shape = graph[id].shape;
    if (new_axis) shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(dim), 1);
    if (shape.size() != node.shape.size()) return misfit(node, "operands differ in rank");
    parts.push_back({start, offset, strides_of(shape)});
    start += shape[dim];
    offset += element_count(shape);
  }
  if (start != node.shape[dim] || offset != element_count(node.shape)) return misfit(node, "operand shapes do not join");
  return gather(node, 0, [&](std::int64_t, const Shape& index) {
    std::size_t part = parts.size() - 1;
    while (parts[part].start > index[dim]) --part;
    Shape local = index;
    local[dim] -= parts[part].start;
    return parts[part].offset + dot(local, parts[part].strides);
  });
}

}  // namespace

Result<LoweredNode> reshape(const Graph& graph, const Node& node) {
  if (element_count(graph[node.inputs.at(0)].shape) != element_count(node.shape)) {
    return misfit(node, "reshape changes the number of elements");
  }
  return gather(node, 0, [](std::int64_t flat, const Shape&) { return flat; });
}

Result<LoweredNode> permute(const Graph& graph, const Node& node) {
  const Shape strides = strides_of(graph[node.inputs.at(0)].shape);
  const auto dims = ints_attribute(node, "dims");
  if (dims.size() != strides.size()) return misfit(node, "permute needs one axis for each axis");
  Shape moved;
  for (const std::int64_t dim : dims) moved.push_back(strides.at(static_cast<std::size_t>(dim)));
  return gather(node, 0, [&](std::int64_t, const Shape& index) { return dot(index, moved); });
}

Result<LoweredNode> slice(const Graph& graph, const Node& node) {
  const Shape strides = strides_of(graph[node.inputs.at(0)].shape);
  const auto dim = static_cast<std::size_t>(int_attribute(node, "dim"));
  const std::int64_t start = int_attribute(node, "start", 0), step = int_attribute(node, "step", 1);
  if (dim >= strides.size() || start < 0 || step < 1) return misfit(node, "slice outside the shape");
  if (node.shape[dim] > 0 && start + (node.shape[dim] - 1) * step >= graph[node.inputs[0]].shape[dim]) {
    return misfit(node, "slice outside the shape");
  }
  return gather(node, 0, [&](std::int64_t, const Shape& index) {
    return dot(index, strides) + start * strides[dim] + index[dim] * (step - 1) * strides[dim];
  });
}

Result<LoweredNode> select(const Graph& graph, const Node& node) {
  const Shape strides = strides_of(graph[node.inputs.at(0)].shape);
  const auto dim = static_cast<std::size_t>(int_attribute(node, "dim"));
  const std::int64_t chosen = int_attribute(node, "index");
  if (dim >= strides.size() || chosen < 0 || chosen >= graph[node.inputs[0]].shape[dim]) {
    return misfit(node, "select outside the shape");
  }
  Shape rest = strides;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(dim));
  return gather(node, 0, [&](std::int64_t, const Shape& index) { return dot(index, rest) + chosen * strides[dim]; });
}

Result<LoweredNode> concatenate(const Graph& graph, const Node& node) { return joined(graph, node, false); }
Result<LoweredNode> stack(const Graph& graph, const Node& node) { return joined(graph, node, true); }

// Where an index outside 0 .. extent - 1 reads from: reflect mirrors about the border element, replicate repeats it, circular
// starts again; -1 is the constant.
static std::int64_t padded_source(const std::string& mode, std::int64_t at, std::int64_t extent) {
  if (at >= 0 && at < extent) return at;
  if (mode == "reflect") return at < 0 ? -at : 2 * (extent - 1) - at;
  if (mode == "replicate") return at < 0 ? 0 : extent - 1;
  return mode == "circular" ? at + (at < 0 ? extent : -extent) : -1;
}

// padding: pairs (before, after) from the last axis backwards, as torch's pad counts; negative values crop.
Result<LoweredNode> pad(const Graph& graph, const Node& node) {
  const Shape& x = graph[node.inputs.at(0)].shape;
  const Shape strides = strides_of(x);
  const auto padding = ints_attribute(node, "padding");
  const std::string mode = text_attribute(node, "mode", "constant");
  Shape before(x.size(), 0);
  for (std::size_t i = 0; i + 1 < padding.size(); i += 2) {
    if (i / 2 >= x.size()) return misfit(node, "pad has more pairs than axes");
    before[x.size() - 1 - i / 2] = padding[i];
  }
  return gather(node, real_attribute(node, "value", 0.0), [&](std::int64_t, const Shape& index) {
    std::int64_t at = 0;
    for (std::size_t axis = 0; axis < x.size(); ++axis) {
      const std::int64_t coordinate = padded_source(mode, index[axis] - before[axis], x[axis]);
      if (coordinate < 0 || coordinate >= x[axis]) return std::int64_t{-1};
      at += coordinate * strides[axis];
    }
    return at;
  });
}

Result<LoweredNode> expand(const Graph& graph, const Node& node) {
  const auto map = broadcast_map(graph[node.inputs.at(0)].shape, node.shape);
  if (map.empty()) return misfit(node, "expand does not broadcast");
  return gather(node, 0, [&](std::int64_t flat, const Shape&) { return map[static_cast<std::size_t>(flat)]; });
}

}  // namespace halfulp::rules
