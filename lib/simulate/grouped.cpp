#include "grouped.hpp"

#include "halfulp/formats/group.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp::sim {

void round_grouped(Values& values, const Format& format, const ArrayLayout& layout, const StreamKey& key, RoleIndex role) {
  HALFULP_ASSERT(!values.wide() && fits_layout(format, layout));
  HALFULP_ASSERT(static_cast<std::size_t>(element_count(layout.shape)) == values.size());
  const bool has_one_unit = format.family == FormatFamily::kInteger && !format.per_channel && format.is_symmetric;
  const double unit = has_one_unit ? choose_scale(format, extent_of(values.doubles())).scale : 0;
  round_tensor(format, values.doubles(), values.doubles(), layout.shape, group_axis(format, layout), key.seed, stream_of(key, role));
  if (has_one_unit) values.set_unit(unit, std::ldexp(1.0, format.width_bits - 1));
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
