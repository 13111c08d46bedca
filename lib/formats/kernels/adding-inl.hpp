// The adding kernel (element.hpp), one vector at a time; compiled once a target.
#if defined(HALFULP_KERNELS_ADDING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_ADDING_INL_HPP
#undef HALFULP_KERNELS_ADDING_INL_HPP
#else
#define HALFULP_KERNELS_ADDING_INL_HPP
#endif

#include <hwy/highway.h>

#include "draw_threshold-inl.hpp"
#include "element.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <RoundingMode mode, class D>
class AddingKernel {
 public:
  using T = hn::TFromD<D>;
  using DU = hn::RebindToUnsigned<D>;
  using V = hn::Vec<D>;
  using VU = hn::Vec<DU>;

  explicit AddingKernel(const ElementPlan<T>& plan)
      : magic_offset_(hn::Set(du_, plan.magic_offset)),
        ulp_offset_(hn::Set(du_, plan.ulp_offset)),
        floor_(hn::Set(d_, plan.grid_floor)),
        clamp_(hn::Set(d_, plan.clamp)),
        threshold_(plan.stochastic_bits) {}

  // The magnitude a = |x| rounded, the exponent unbounded up to that of `clamp`.
  HWY_INLINE V round(V x, V magnitude, const std::uint32_t* draws) const {
    const V a = hn::Min(magnitude, clamp_);
    const VU exponent = hn::And(hn::BitCast(du_, hn::Max(a, floor_)), hn::Set(du_, kExponentField));
    const V magic = hn::BitCast(d_, hn::Add(exponent, magic_offset_));
    const V sum = hn::Add(a, magic);
    const V nearest = hn::Sub(sum, magic);
    if constexpr (mode == RoundingMode::kNearestEven) {
      return nearest;
    } else {
      const VU units = adjusted(x, a, exponent, hn::BitCast(du_, sum), nearest, magic, draws);
      return hn::Sub(hn::BitCast(d_, units), magic);
    }
  }

 private:
  static constexpr auto kExponentField =
      static_cast<hn::TFromD<DU>>(sizeof(T) == 4 ? 0x7F800000ull : 0x7FF0000000000000ull);

  HWY_INLINE VU one_where(hn::Mask<D> mask) const { return hn::IfThenElseZero(hn::RebindMask(du_, mask), hn::Set(du_, 1)); }
  HWY_INLINE V half_ulp(VU exponent) const {
    return hn::BitCast(d_, hn::Sub(exponent, hn::Add(ulp_offset_, hn::Set(du_, kExponentField & (~kExponentField + 1)))));
  }

  // M + k u as a bit pattern, whose last bits are k, moved from the nearest k to the one that the mode selects.
  HWY_INLINE VU adjusted(V x, V a, VU exponent, VU sum, V nearest, V magic, const std::uint32_t* draws) const {
    if constexpr (mode == RoundingMode::kNearestAway) {
      return hn::Add(sum, one_where(hn::Eq(hn::Sub(a, nearest), half_ulp(exponent))));
    } else if constexpr (mode == RoundingMode::kNearestZero) {
      return hn::Sub(sum, one_where(hn::Eq(hn::Sub(nearest, a), half_ulp(exponent))));
    } else {
      const VU cut = hn::Sub(sum, one_where(hn::Gt(nearest, a)));
      return from_cut(x, a, exponent, cut, nearest, magic, draws);
    }
  }

  HWY_INLINE VU from_cut(V x, V a, VU exponent, VU cut, V nearest, V magic, const std::uint32_t* draws) const {
    if constexpr (mode == RoundingMode::kTowardZero) {
      return cut;
    } else if constexpr (mode == RoundingMode::kOdd) {
      return hn::Or(cut, one_where(hn::Ne(nearest, a)));
    } else if constexpr (mode == RoundingMode::kUp || mode == RoundingMode::kDown) {
      const auto positive = hn::Gt(x, hn::Zero(d_));
      const auto inexact = hn::Ne(nearest, a);
      const auto away = mode == RoundingMode::kUp ? hn::And(inexact, positive) : hn::AndNot(positive, inexact);
      return hn::Add(cut, one_where(away));
    } else {
      static_assert(mode == RoundingMode::kStochastic);
      const V discarded = hn::Sub(a, hn::Sub(hn::BitCast(d_, cut), magic));
      const V per_ulp = hn::BitCast(d_, hn::Sub(hn::Add(hn::Set(du_, kTwiceBias), ulp_offset_), exponent));
      return hn::Add(cut, one_where(threshold_.rounds_away(x, hn::Mul(discarded, per_ulp), draws)));
    }
  }

  // Bit pattern of 2^0, twice: minus the pattern of u it is that of 1/u.
  static constexpr auto kTwiceBias = static_cast<hn::TFromD<DU>>(sizeof(T) == 4 ? 254ull << 23 : 2046ull << 52);

  D d_;
  DU du_;
  VU magic_offset_, ulp_offset_;
  V floor_, clamp_;
  DrawThreshold<D> threshold_;
};

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
