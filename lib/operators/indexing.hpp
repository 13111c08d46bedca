// Row-major index arithmetic shared by the operator rules.
#pragma once

#include <cstdint>
#include <vector>

#include "halfulp/support/tensor.hpp"

namespace halfulp {

Shape strides_of(const Shape& shape);

// Calls visit(flat, index) for each element of `shape` in row-major order.
template <typename Visit>
void for_each_index(const Shape& shape, Visit&& visit) {
  const std::int64_t count = element_count(shape);
  Shape index(shape.size(), 0);
  for (std::int64_t flat = 0; flat < count; ++flat) {
    visit(flat, index);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

// For each element of `to`, the flat index in `from` under NumPy broadcasting; empty if the shapes do not broadcast.
std::vector<std::int32_t> broadcast_map(const Shape& from, const Shape& to);

// A window that slides over one axis: output extent and input coordinate of tap k at position o (may be outside).
struct Window {
  std::int64_t kernel = 1, stride = 1, padding = 0, dilation = 1;
  std::int64_t at(std::int64_t position, std::int64_t tap) const {
    return position * stride - padding + tap * dilation;
  }
};

// Reads per-axis attributes (one value may stand for all axes) into windows of `rank` axes.
std::vector<Window> windows_of(const std::vector<std::int64_t>& kernel, const std::vector<std::int64_t>& stride,
                               const std::vector<std::int64_t>& padding,
                               const std::vector<std::int64_t>& dilation, std::size_t rank);

}  // namespace halfulp
