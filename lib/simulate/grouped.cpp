#include "grouped.hpp"

#include "halfulp/formats/group.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp::sim {

void round_grouped(Values& values, const Format& format, const ArrayLayout& layout, const StreamKey& key, RoleIndex role) {
  HALFULP_ASSERT(!values.wide() && fits_layout(format, layout));
  HALFULP_ASSERT(static_cast<std::size_t>(element_count(layout.shape)) == values.size());
  round_tensor(format, values.doubles(), values.doubles(), layout.shape, group_axis(format, layout), key.seed, stream_of(key, role));
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
