// The types of a rounding kernel's vectors, masks of lanes, and integers that grow or shrink by one in some lanes; compiled once a
// target.
#if defined(HALFULP_KERNELS_LANES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_LANES_INL_HPP
#undef HALFULP_KERNELS_LANES_INL_HPP
#else
#define HALFULP_KERNELS_LANES_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
using DrawLanes = hn::Rebind<std::uint32_t, D>;

// D has the lanes of the numbers; Bits are their bit patterns, Draws a random word for each.
template <class D>
struct KernelTypes {
  using T = hn::TFromD<D>;
  using DU = hn::RebindToUnsigned<D>;
  using DI = hn::RebindToSigned<D>;
  using Bits = hn::TFromD<DU>;
  using V = hn::Vec<D>;
  using VU = hn::Vec<DU>;
  using M = hn::Mask<D>;
  using Draws = hn::Vec<DrawLanes<D>>;

  static constexpr int kStoredBits = sizeof(T) == 4 ? 23 : 52;
  static constexpr Bits kOneExponent = Bits{1} << kStoredBits;
  static constexpr Bits kExponentField = sizeof(T) == 4 ? Bits{0xFF} << kStoredBits : Bits{0x7FF} << kStoredBits;
};

// All bits of a lane are its sign.
template <class D>
HWY_INLINE typename KernelTypes<D>::VU sign_bits(D, hn::Vec<D> x) {
  return hn::BitCast(typename KernelTypes<D>::DU(), hn::BroadcastSignBit(hn::BitCast(typename KernelTypes<D>::DI(), x)));
}

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
