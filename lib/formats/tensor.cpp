#include "tensor_view.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "halfulp/formats/group.hpp"
#include "halfulp/formats/quantize.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

View view_of(std::span<const std::int64_t> shape, int axis) {
  const int rank = static_cast<int>(shape.size());
  const int place = axis < 0 ? axis + rank : axis;
  HALFULP_ASSERT(place >= 0 && place < rank);
  View view;
  for (int i = 0; i < rank; ++i) {
    std::size_t& size = i < place ? view.outer : i > place ? view.inner : view.extent;
    size *= static_cast<std::size_t>(shape[i]);
  }
  return view;
}

// visit(places): the elements of one group, for every group.
template <typename Visit>
void each_block(const View& view, std::size_t block, Visit&& visit) {
  std::vector<std::size_t> places;
  for (std::size_t row = 0; row < view.outer * view.inner; ++row) {
    const std::size_t base = row / view.inner * view.extent * view.inner + row % view.inner;
    for (std::size_t k = 0; k < view.extent; ++k) {
      places.push_back(base + k * view.inner);
      if (places.size() != block && k + 1 != view.extent) continue;
      visit(places);
      places.clear();
    }
  }
}

template <typename Visit>
void each_channel(const View& view, Visit&& visit) {
  for (std::size_t channel = 0; channel < view.extent; ++channel) {
    std::vector<std::size_t> places;
    for (std::size_t o = 0; o < view.outer; ++o) {
      const std::size_t base = (o * view.extent + channel) * view.inner;
      for (std::size_t i = 0; i < view.inner; ++i) places.push_back(base + i);
    }
    visit(places);
  }
}

template <typename Visit>
void each_group(const Format& format, std::span<const std::int64_t> shape, int channel_axis, std::size_t size, Visit&& visit) {
  if (size == 0) return;
  if (format.block_size > 0) return each_block(view_along(format, shape, channel_axis), static_cast<std::size_t>(format.block_size), visit);
  if (format.per_channel) return each_channel(view_along(format, shape, channel_axis), visit);
  std::vector<std::size_t> places(size);
  std::iota(places.begin(), places.end(), std::size_t{0});
  visit(places);
}

}  // namespace

View view_along(const Format& format, std::span<const std::int64_t> shape, int channel_axis) {
  return view_of(shape, format.axis.value_or(channel_axis));
}

void round_tensor(const Format& format, std::span<const double> in, std::span<double> out,
                  std::span<const std::int64_t> shape, int channel_axis, std::uint64_t seed,
                  std::uint64_t stream) {
  quantize_tensor(format, in, out, shape, channel_axis, seed, stream);
}

void round_tensor_by_groups(const Format& format, std::span<const double> in, std::span<double> out,
                            std::span<const std::int64_t> shape, int channel_axis, std::uint64_t seed,
                            std::uint64_t stream) {
  HALFULP_ASSERT(in.size() == out.size());
  const double tensor_scale = choose_tensor_scale(format, extent_of(in));
  const bool draws = format.rounding == RoundingMode::kStochastic;
  std::vector<double> values;
  std::vector<std::uint32_t> random;
  each_group(format, shape, channel_axis, in.size(), [&](const std::vector<std::size_t>& places) {
    values.clear();
    random.clear();
    for (const std::size_t i : places) {
      values.push_back(in[i]);
      if (draws) random.push_back(random_bits(seed, stream, i));
    }
    round_group(format, values, values, random, tensor_scale);
    for (std::size_t k = 0; k < places.size(); ++k) out[places[k]] = values[k];
  });
}

std::vector<std::int32_t> groups_of(const Format& format, std::span<const std::int64_t> shape, int channel_axis) {
  std::size_t size = 1;
  for (const std::int64_t extent : shape) size *= static_cast<std::size_t>(extent);
  std::vector<std::int32_t> group(size, 0);
  std::int32_t next = 0;
  each_group(format, shape, channel_axis, size, [&](const std::vector<std::size_t>& places) {
    for (const std::size_t i : places) group[i] = next;
    ++next;
  });
  return group;
}

}  // namespace halfulp
