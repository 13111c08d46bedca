// One vector function over an array: aligned stores past the caches if asked for, and the ends through a padded vector.
#if defined(HALFULP_KERNELS_STREAM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_STREAM_INL_HPP
#undef HALFULP_KERNELS_STREAM_INL_HPP
#else
#define HALFULP_KERNELS_STREAM_INL_HPP
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::size_t kLineBytes = 64;
inline constexpr std::size_t kStreams = 4, kRun = 4;  // parts of a chunk, and lines of one before it is the next one's turn
inline constexpr std::size_t kNextBytes = 16384;  // to the next chunk
inline constexpr std::size_t kAheadBytes = 4096;  // how far inputs are requested before they are used

// Elements i .. i + count - 1, fewer than a vector.
template <class D, class Function, typename T>
HWY_NOINLINE void transform_part(D d, Function& function, const T* in, T* out, std::size_t i, std::size_t count) {
  HWY_ALIGN T lanes[hn::MaxLanes(D())] = {};
  std::copy_n(in + i, count, lanes);
  hn::Store(function(hn::Load(d, lanes), i), d, lanes);
  std::copy_n(lanes, count, out + i);
}

// How many elements precede the first cache line of `out`.
template <typename T>
HWY_INLINE std::size_t head_of(const T* out) {
  constexpr std::size_t line = kLineBytes / sizeof(T);
  return (line - reinterpret_cast<std::uintptr_t>(out) / sizeof(T) % line) % line;
}

// out[i ...] = function(in[i ...], i), vector by vector.
template <class D, class Function, typename T>
HWY_INLINE void transform(D d, Function& function, const T* in, T* out, std::size_t count, bool stream) {
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t line = kLineBytes / sizeof(T);
  std::size_t i = 0;
  if (stream) {
    for (const std::size_t head = std::min(count, head_of(out)); i < head;) {
      const std::size_t part = std::min(lanes, head - i);
      transform_part(d, function, in, out, i, part);
      i += part;
    }
    // Pages side by side: memory serves several streams faster than one.
    const std::size_t part = (count - i) / (kStreams * kRun * line) * kRun * line;
    for (std::size_t first = i; i < first + part; i += kRun * line) {
      for (std::size_t k = 0; k < kStreams; ++k) {
        const std::size_t start = i + k * part;
        for (std::size_t ahead = 0; ahead < kRun; ++ahead) hwy::Prefetch(in + start + ahead * line + kNextBytes / sizeof(T));
        for (std::size_t j = start; j < start + kRun * line; j += lanes) hn::Stream(function(hn::LoadU(d, in + j), j), d, out + j);
      }
    }
    i += (kStreams - 1) * part;
    for (; i + line <= count; i += line) {
      for (std::size_t j = i; j < i + line; j += lanes) hn::Stream(function(hn::LoadU(d, in + j), j), d, out + j);
    }
  }
  for (; i + lanes <= count; i += lanes) hn::StoreU(function(hn::LoadU(d, in + i), i), d, out + i);
  if (i < count) transform_part(d, function, in, out, i, count - i);
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
