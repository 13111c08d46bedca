// Where a rounding loop takes its random words from; compiled once a target. at(i) are those of elements i, i + 1, ... of the
// array at hand, one for each lane of D.
#if defined(HALFULP_KERNELS_DRAW_SOURCE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_DRAW_SOURCE_INL_HPP
#undef HALFULP_KERNELS_DRAW_SOURCE_INL_HPP
#else
#define HALFULP_KERNELS_DRAW_SOURCE_INL_HPP
#endif

#include <hwy/highway.h>

#include "ars-inl.hpp"
#include "draws.hpp"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
class NoDraws {
 public:
  HWY_INLINE hn::Vec<DrawLanes<D>> at(std::size_t) const { return hn::Zero(DrawLanes<D>()); }
};

// From memory; reads whole vectors.
template <class D>
class StoredDraws {
 public:
  explicit StoredDraws(const std::uint32_t* draws) : draws_(draws) {}
  HWY_INLINE hn::Vec<DrawLanes<D>> at(std::size_t i) const { return hn::LoadU(DrawLanes<D>(), draws_ + i); }

 private:
  const std::uint32_t* draws_;
};

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_AVX3

// Made in registers, four floats or more at a time. Requires that the index of element 0 in the stream and all i asked for are
// multiples of four.
template <class D>
class MadeDraws {
 public:
  explicit MadeDraws(const DrawKey& key) : ars_(key.seed, key.stream), first_(key.first) {}
  HWY_INLINE hn::Vec<DrawLanes<D>> at(std::size_t i) const {
    const DrawLanes<D> d32;
    const std::uint64_t block = (first_ + i) / kArsWords;
#if HWY_TARGET == HWY_AVX2
    const hn::Half<DrawLanes<D>> half;
    return hn::Combine(d32, hn::BitCast(half, ars_.blocks(block + 1)), hn::BitCast(half, ars_.blocks(block)));
#else
    return hn::BitCast(d32, ars_.blocks(block));
#endif
  }

 private:
  ArsLanes<WideBytes> ars_;
  std::uint64_t first_;
};
#endif

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
