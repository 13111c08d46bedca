// Stochastic rounding decided in floating point: with s = fraction of the magnitude * 2^k, a positive number goes away from zero
// if draw < floor(s), a negative one if draw >= 2^k - ceil(s), that is 2^k - 1 - draw < s (decision.hpp).
#if defined(HALFULP_KERNELS_DRAW_THRESHOLD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_DRAW_THRESHOLD_INL_HPP
#undef HALFULP_KERNELS_DRAW_THRESHOLD_INL_HPP
#else
#define HALFULP_KERNELS_DRAW_THRESHOLD_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
class DrawThreshold {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  explicit DrawThreshold(int bits)
      : mask_(bits >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << bits) - 1), scale_(hn::Set(d_, static_cast<T>(std::uint64_t{1} << bits))) {}

  // `fraction` in [0, 1), exact.
  HWY_INLINE hn::Mask<D> rounds_away(V x, V fraction, const std::uint32_t* draws) const {
    const V scaled = hn::Mul(fraction, scale_);
    const V level = hn::IfNegativeThenElse(x, scaled, hn::Floor(scaled));
    if constexpr (sizeof(T) == 8) {
      return hn::Gt(level, threshold_double(x, draws));
    } else {
      return exceeds(level, threshold_bits(x, draws));
    }
  }

 private:
  using DU32 = hn::Rebind<std::uint32_t, D>;
  using DI32 = hn::Rebind<std::int32_t, D>;

  // draw mod 2^k, or 2^k - 1 minus that below zero.
  HWY_INLINE hn::Vec<DU32> threshold_bits(V x, const std::uint32_t* draws) const {
    const DU32 du;
    const auto mask = hn::Set(du, mask_);
    const auto negative = hn::BitCast(du, hn::BroadcastSignBit(hn::BitCast(DI32(), x)));
    return hn::And(hn::Xor(hn::LoadU(du, draws), negative), mask);
  }

  // level > threshold, both exact integers or more: the high and low halves of the threshold are subtracted one by one. Where the
  // first difference is inexact it is beyond every low half, on the right side.
  HWY_INLINE hn::Mask<D> exceeds(V level, hn::Vec<DU32> threshold) const {
    const DU32 du;
    const V high = hn::ConvertTo(d_, hn::BitCast(DI32(), hn::ShiftRight<16>(threshold)));
    const V low = hn::ConvertTo(d_, hn::BitCast(DI32(), hn::And(threshold, hn::Set(du, 0xFFFFu))));
    return hn::Gt(hn::Sub(level, hn::Mul(high, hn::Set(d_, T{65536}))), low);
  }

  HWY_INLINE V threshold_double(V x, const std::uint32_t* draws) const {
    const DU32 du;
    const auto draw = hn::And(hn::LoadU(du, draws), hn::Set(du, mask_));
    const auto shifted = hn::BitCast(DI32(), hn::Xor(draw, hn::Set(du, 0x80000000u)));
    const V value = hn::Add(hn::PromoteTo(d_, shifted), hn::Set(d_, T{2147483648.0}));
    return hn::IfNegativeThenElse(x, hn::Sub(hn::Set(d_, static_cast<T>(mask_)), value), value);
  }

  D d_;
  std::uint32_t mask_;
  V scale_;
};

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
