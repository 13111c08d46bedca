#include "indexing.hpp"

namespace halfulp {

Shape strides_of(const Shape& shape) {
  Shape strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];
  }
  return strides;
}

std::vector<std::int32_t> broadcast_map(const Shape& from, const Shape& to) {
  if (from.size() > to.size()) return {};
  const std::size_t shift = to.size() - from.size();
  const Shape strides = strides_of(from);
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    if (from[axis] != 1 && from[axis] != to[axis + shift]) return {};
  }
  std::vector<std::int32_t> map(static_cast<std::size_t>(element_count(to)));
  for_each_index(to, [&](std::int64_t flat, const Shape& index) {
    std::int64_t at = 0;
    for (std::size_t axis = 0; axis < from.size(); ++axis) {
      if (from[axis] != 1) at += index[axis + shift] * strides[axis];
    }
    map[static_cast<std::size_t>(flat)] = static_cast<std::int32_t>(at);
  });
  return map;
}

std::vector<Window> windows_of(const std::vector<std::int64_t>& kernel, const std::vector<std::int64_t>& stride,
                               const std::vector<std::int64_t>& padding,
                               const std::vector<std::int64_t>& dilation, std::size_t rank) {
  const auto pick = [](const std::vector<std::int64_t>& values, std::size_t axis, std::int64_t otherwise) {
    if (values.empty()) return otherwise;
    return values.size() == 1 ? values[0] : values[axis];
  };
  std::vector<Window> windows(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    windows[axis].kernel = pick(kernel, axis, 1);
    windows[axis].stride = pick(stride, axis, windows[axis].kernel);
    windows[axis].padding = pick(padding, axis, 0);
    windows[axis].dilation = pick(dilation, axis, 1);
  }
  return windows;
}

}  // namespace halfulp
