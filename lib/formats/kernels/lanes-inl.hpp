// Masks of lanes, and integers that grow or shrink by one in some lanes; compiled once a target.
#if defined(HALFULP_KERNELS_LANES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_LANES_INL_HPP
#undef HALFULP_KERNELS_LANES_INL_HPP
#else
#define HALFULP_KERNELS_LANES_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
HWY_INLINE hn::Mask<D> no_lanes(D d) {
  return hn::Lt(hn::Zero(d), hn::Zero(d));
}

// With mask registers an addition under a mask is one instruction; without, a mask is the number -1.
#if HWY_TARGET <= HWY_AVX3

template <class VU, class M>
HWY_INLINE VU add_one_where(VU v, M mask) {
  const hn::DFromV<VU> du;
  return hn::IfThenElse(hn::RebindMask(du, mask), hn::Add(v, hn::Set(du, 1)), v);
}

template <class VU, class M>
HWY_INLINE VU subtract_one_where(VU v, M mask) {
  const hn::DFromV<VU> du;
  return hn::IfThenElse(hn::RebindMask(du, mask), hn::Sub(v, hn::Set(du, 1)), v);
}

#else

template <class VU, class M>
HWY_INLINE VU add_one_where(VU v, M mask) {
  const hn::DFromV<VU> du;
  return hn::Sub(v, hn::VecFromMask(du, hn::RebindMask(du, mask)));
}

template <class VU, class M>
HWY_INLINE VU subtract_one_where(VU v, M mask) {
  const hn::DFromV<VU> du;
  return hn::Add(v, hn::VecFromMask(du, hn::RebindMask(du, mask)));
}

#endif

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
