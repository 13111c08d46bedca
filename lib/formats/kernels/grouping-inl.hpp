// A rounding with a scale for each block over an array; compiled once a target.
//
// Rounding: Scale broadcast(scales, i) for a whole vector, Scale load(scales, i) for a vector of scales; V round(x, scale, draws,
// i); is_certain(). With blocks of 1 a vector of scales may be read beyond their end.
#if defined(HALFULP_KERNELS_GROUPING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_GROUPING_INL_HPP
#undef HALFULP_KERNELS_GROUPING_INL_HPP
#else
#define HALFULP_KERNELS_GROUPING_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "draw_source-inl.hpp"
#include "group.hpp"
#include "lanes-inl.hpp"
#include "stream-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// use(store) with store(vector, i) for whole vectors, by the way the job asks for. Stores past the caches need their alignment; a job
// without it goes through a buffer.
template <class D, typename T, class Use>
HWY_INLINE void with_store(const GroupJob<T>& job, const Use& use) {
  const D d;
  T* out = job.out;
  if (!job.stream) return use([=](hn::Vec<D> x, std::size_t i) HWY_ATTR { hn::StoreU(x, D(), out + i); });
  if (reinterpret_cast<std::uintptr_t>(out) % (hn::Lanes(d) * sizeof(T)) == 0) {
    return use([=](hn::Vec<D> x, std::size_t i) HWY_ATTR { hn::Stream(x, D(), out + i); });
  }
  HWY_ALIGN T buffer[kMaxElements];
  T* to = buffer;
  use([=](hn::Vec<D> x, std::size_t i) HWY_ATTR { hn::Store(x, D(), to + i); });
  const auto same = [](hn::Vec<D> x, std::size_t) HWY_ATTR { return x; };
  transform(d, same, to, out, job.count, true);
}

// Blocks of whole vectors.
template <class D, class Rounding, class Draws, typename T>
HWY_INLINE void round_whole_blocks(const GroupJob<T>& job, Rounding& rounding, const T* scales, const Draws& draws) {
  with_store<D>(job, [&](const auto& store) HWY_ATTR {
    const std::size_t lanes = hn::Lanes(D()), count = job.count, size = job.block;
    const T* in = job.in;
    for (std::size_t i = 0, block = 0; i < count; ++block) {
      const auto scale = rounding.broadcast(scales, block);
      for (const std::size_t end = i + size; i < end; i += lanes) {
        hwy::Prefetch(in + i + kAheadBytes / sizeof(T));
        store(rounding.round(hn::LoadU(D(), in + i), scale, draws.at(i), i), i);
      }
    }
  });
}

// A scale for each element.
template <class D, class Rounding, class Draws, typename T>
HWY_INLINE void round_each_scaled(const GroupJob<T>& job, Rounding& rounding, const T* scales, const Draws& draws) {
  const auto function = [&](hn::Vec<D> x, std::size_t i) HWY_ATTR { return rounding.round(x, rounding.load(scales, i), draws.at(i), i); };
  transform(D(), function, job.in, job.out, job.count, job.stream);
}

template <class D, class Rounding, class Draws, typename T>
void round_groups_drawing(const GroupJob<T>& job, Rounding& rounding, const T* scales, const Draws& draws) {
  if (job.block % hn::Lanes(D()) == 0 && job.count % job.block == 0) return round_whole_blocks<D>(job, rounding, scales, draws);
  if (job.block == 1) return round_each_scaled<D>(job, rounding, scales, draws);
  HWY_ALIGN T expanded[kMaxElements + hn::MaxLanes(D())];
  std::size_t i = 0;
  for (std::size_t block = 0; i < job.count; ++block) {
    for (const std::size_t end = std::min(job.count, i + job.block); i < end; ++i) expanded[i] = scales[block];
  }
  std::fill_n(expanded + i, hn::Lanes(D()), T{1});
  round_each_scaled<D>(job, rounding, expanded, draws);
}

// use(draws) with the random words of the job's elements.
template <bool stochastic, class D, typename T, class Use>
HWY_INLINE void with_draws(const GroupJob<T>& job, const Use& use) {
  if constexpr (!stochastic) {
    use(NoDraws<D>());
  } else {
    HWY_ALIGN std::uint32_t draws[kMaxElements + 3 * kDrawGroup];
    use(StoredDraws<D>(stored_draws(job.key, job.count, draws)));
  }
}

template <bool stochastic, class D, class Rounding, typename T>
bool round_groups(const GroupJob<T>& job, Rounding& rounding, const T* scales) {
  with_draws<stochastic, D>(job, [&](const auto& draws) { round_groups_drawing<D>(job, rounding, scales, draws); });
  return rounding.is_certain();
}

// The scalar path for the lanes of one vector: round(lane, x, draw).
template <class D, class Round>
HWY_NOINLINE hn::Vec<D> round_lanes(D d, hn::Vec<D> x, hn::Vec<DrawLanes<D>> draws, const Round& round) {
  HWY_ALIGN hn::TFromD<D> lanes[hn::MaxLanes(D())];
  HWY_ALIGN std::uint32_t words[hn::MaxLanes(D())];
  hn::Store(x, d, lanes);
  hn::Store(draws, DrawLanes<D>(), words);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) lanes[i] = static_cast<hn::TFromD<D>>(round(i, static_cast<double>(lanes[i]), words[i]));
  return hn::Load(d, lanes);
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
