// One vector function over an array: aligned stores past the caches if asked for, and the ends through a padded vector.
#if defined(HALFULP_KERNELS_STREAM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_STREAM_INL_HPP
#undef HALFULP_KERNELS_STREAM_INL_HPP
#else
#define HALFULP_KERNELS_STREAM_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Fewer elements than a vector.
template <class D, class Function, typename T>
HWY_NOINLINE void transform_part(D d, const Function& function, const T* in, const std::uint32_t* draws, T* out, std::size_t count) {
  HWY_ALIGN T lanes[hn::MaxLanes(D())] = {};
  HWY_ALIGN std::uint32_t lane_draws[hn::MaxLanes(D())] = {};
  std::copy_n(in, count, lanes);
  if (draws != nullptr) std::copy_n(draws, count, lane_draws);
  hn::Store(function(lanes, lane_draws), d, lanes);
  std::copy_n(lanes, count, out);
}

// out[i] = function(in + i, draws + i) of whole vectors; draws may be null. After streaming the caller flushes (hwy::FlushStream).
template <class D, class Function, typename T>
HWY_INLINE void transform(D d, const Function& function, const T* in, const std::uint32_t* draws, T* out, std::size_t count, bool stream) {
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t drawn = draws == nullptr ? 0 : 1;
  std::size_t i = 0;
  if (stream) {
    const std::size_t misplaced = reinterpret_cast<std::uintptr_t>(out) / sizeof(T) % lanes;
    const std::size_t head = std::min(count, misplaced == 0 ? 0 : lanes - misplaced);
    if (head != 0) transform_part(d, function, in, draws, out, head);
    for (i = head; i + lanes <= count; i += lanes) hn::Stream(function(in + i, draws + i * drawn), d, out + i);
  } else {
    for (; i + lanes <= count; i += lanes) hn::StoreU(function(in + i, draws + i * drawn), d, out + i);
  }
  if (i < count) transform_part(d, function, in + i, draws + i * drawn, out + i, count - i);
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
