// The groups of a tensor. Seen along one axis, a row-major tensor is outer x extent x inner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "halfulp/formats/format.hpp"

namespace halfulp {

struct View {
  std::size_t outer = 1, extent = 1, inner = 1;
};

// Along the format's axis, or `channel_axis`. Requires an axis within the shape.
View view_along(const Format& format, std::span<const std::int64_t> shape, int channel_axis);

// round_tensor group by group, by round_group.
void round_tensor_by_groups(const Format& format, std::span<const double> in, std::span<double> out,
                            std::span<const std::int64_t> shape, int channel_axis, std::uint64_t seed,
                            std::uint64_t stream);

}  // namespace halfulp
