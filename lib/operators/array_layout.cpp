#include "halfulp/operators/array_layout.hpp"

namespace halfulp {

ArrayLayout activation_layout(const Shape& shape) {
  constexpr int kChannelsSecond = 4;  // least rank of shapes N,C,...
  if (shape.empty()) return {{1}, 0, 0};
  const int rank = static_cast<int>(shape.size());
  const int axis = rank >= kChannelsSecond ? 1 : rank - 1;
  return {shape, axis, axis};
}

ArrayLayout weight_layout(const LinearMap& map) {
  const std::int64_t rows = map.groups * map.channels;
  if (map.depth == 1) return {{rows}, 0, 0};
  return {{rows, map.depth}, 1, 0};
}

ArrayLayout vector_layout(std::size_t size) { return {{static_cast<std::int64_t>(size)}, 0, 0}; }

ArrayLayout slope_layout(const Shape& shape, std::size_t slopes) {
  if (slopes == 1 || shape.size() < 2) return vector_layout(slopes);
  return {shape, 1, 1};
}

int group_axis(const Format& format, const ArrayLayout& layout) { return format.per_channel ? layout.channel_axis : layout.block_axis; }

bool fits_layout(const Format& format, const ArrayLayout& layout) {
  if (!format.axis) return true;
  const int rank = static_cast<int>(layout.shape.size());
  return *format.axis >= -rank && *format.axis < rank;
}

}  // namespace halfulp
