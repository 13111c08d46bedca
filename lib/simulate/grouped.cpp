#include "grouped.hpp"

#include "halfulp/formats/group.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp::sim {

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

bool fits_layout(const Format& format, const ArrayLayout& layout) {
  if (!format.axis) return true;
  const int rank = static_cast<int>(layout.shape.size());
  return *format.axis >= -rank && *format.axis < rank;
}

void round_grouped(Values& values, const Format& format, const ArrayLayout& layout, const StreamKey& key, RoleIndex role) {
  HALFULP_ASSERT(!values.wide() && fits_layout(format, layout));
  HALFULP_ASSERT(static_cast<std::size_t>(element_count(layout.shape)) == values.size());
  const int axis = format.per_channel ? layout.channel_axis : layout.block_axis;
  round_tensor(format, values.doubles(), values.doubles(), layout.shape, axis, key.seed, stream_of(key, role));
}

const Format& grouped_carrier() {
  static const Format kCarrier = [] {
    Format format = make_float(11, 52);
    format.name += ":odd:infinity";
    format.rounding = RoundingMode::kOdd;
    format.overflow = OverflowMode::kInfinity;
    return format;
  }();
  return kCarrier;
}

}  // namespace halfulp::sim
