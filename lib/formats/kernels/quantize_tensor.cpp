#include <hwy/cache_control.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "halfulp/formats/quantize.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"
#include "parallel.hpp"
#include "quantize_group.hpp"

namespace halfulp {
namespace kernels {

template <typename T>
GroupExtent tensor_extent(std::span<const T> values) {
  const Extent<T> found = find_extent(values);
  if (found.finite) return {static_cast<double>(found.lowest), static_cast<double>(found.largest)};
  GroupExtent extent;
  bool empty = true;
  for (const T x : values) {
    if (!std::isfinite(x)) continue;
    extent.lowest = empty ? static_cast<double>(x) : std::fmin(extent.lowest, static_cast<double>(x));
    extent.largest = empty ? static_cast<double>(x) : std::fmax(extent.largest, static_cast<double>(x));
    empty = false;
  }
  return extent;
}

template GroupExtent tensor_extent(std::span<const float>);
template GroupExtent tensor_extent(std::span<const double>);

}  // namespace kernels

namespace {

template <typename T>
void quantize_by_groups(const Format& format, std::span<const T> in, std::span<T> out, std::span<const std::int64_t> shape, int axis,
                        std::uint64_t seed, std::uint64_t stream) {
  if constexpr (sizeof(T) == 8) {
    round_tensor_by_groups(format, in, out, shape, axis, seed, stream);
  } else {
    std::vector<double> values(in.begin(), in.end());
    round_tensor_by_groups(format, values, values, shape, axis, seed, stream);
    std::transform(values.begin(), values.end(), out.begin(), [](double x) { return static_cast<T>(x); });
  }
}

template <typename T>
void quantize_any(const Format& format, std::span<const T> in, std::span<T> out, std::span<const std::int64_t> shape, int axis,
                  std::uint64_t seed, std::uint64_t stream, int threads) {
  HALFULP_ASSERT(in.size() == out.size());
  if (!is_grouped(format)) return quantize(format, in, out, seed, stream, threads);
  if (in.empty()) return;
  if (format.family == FormatFamily::kDynamicFixed) {
    const Format element = element_of(format, choose_scale(format, kernels::tensor_extent(in)));
    return quantize(element, in, out, seed, stream, threads);
  }
  const bool has_axis = format.block_size > 0 || format.per_channel;
  const kernels::TensorJob<T> job{format, in, out, has_axis ? view_along(format, shape, axis) : View{.outer = 1, .extent = 1, .inner = in.size()},
                                  {seed, stream, 0}, threads};
  const bool done = format.family == FormatFamily::kInteger ? kernels::quantize_integers(job) : kernels::quantize_blocks(job);
  if (!done) quantize_by_groups(format, in, out, shape, axis, seed, stream);
}

}  // namespace

void quantize_tensor(const Format& format, std::span<const float> in, std::span<float> out, std::span<const std::int64_t> shape,
                     int channel_axis, std::uint64_t seed, std::uint64_t stream, int threads) {
  quantize_any(format, in, out, shape, channel_axis, seed, stream, threads);
}

void quantize_tensor(const Format& format, std::span<const double> in, std::span<double> out, std::span<const std::int64_t> shape,
                     int channel_axis, std::uint64_t seed, std::uint64_t stream, int threads) {
  quantize_any(format, in, out, shape, channel_axis, seed, stream, threads);
}

}  // namespace halfulp
