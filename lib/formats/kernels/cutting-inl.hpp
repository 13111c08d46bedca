// The cutting kernel (element.hpp), one vector at a time; compiled once a target.
#if defined(HALFULP_KERNELS_CUTTING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_CUTTING_INL_HPP
#undef HALFULP_KERNELS_CUTTING_INL_HPP
#else
#define HALFULP_KERNELS_CUTTING_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "element.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <RoundingMode mode, class D>
class CuttingKernel {
 public:
  using T = hn::TFromD<D>;
  using DU = hn::RebindToUnsigned<D>;
  using Bits = hn::TFromD<DU>;
  using V = hn::Vec<D>;
  using VU = hn::Vec<DU>;
  using Draws = hn::Vec<hn::Rebind<std::uint32_t, D>>;

  explicit CuttingKernel(const ElementPlan<T>& plan) : dropped_(plan.dropped_bits) {
    rest_ = low_ones(dropped_);
    half_ = dropped_ == 0 ? Bits{0} : Bits{1} << (dropped_ - 1);
    const int bits = plan.stochastic_bits;
    right_ = std::max(bits - dropped_, 0);
    left_ = std::max(dropped_ - bits, 0);
    draw_mask_ = low_ones(bits);
    positive_flip_ = low_ones(std::min(dropped_, bits)) << left_;
    negative_flip_ = low_ones(left_);
  }

  HWY_INLINE V round(V x, Draws draws, hn::Mask<D>& uncertain) const {
    static_cast<void>(uncertain);
    const VU bits = hn::BitCast(du_, x), rest = hn::Set(du_, rest_);
    if constexpr (mode == RoundingMode::kOdd) {
      const VU last = hn::Set(du_, static_cast<Bits>(rest_ == 0 ? 0 : rest_ + 1));
      const auto exact = hn::Eq(hn::And(bits, rest), hn::Zero(du_));
      return hn::BitCast(d_, hn::Or(hn::AndNot(rest, bits), hn::IfThenZeroElse(exact, last)));
    } else {
      return hn::BitCast(d_, hn::AndNot(rest, hn::Add(bits, increment(x, bits, draws))));
    }
  }

 private:
  static constexpr Bits low_ones(int count) { return count >= static_cast<int>(8 * sizeof(Bits)) ? ~Bits{0} : (Bits{1} << count) - 1; }

  // What makes the carry that rounds away from zero; it stops below the sign bit.
  HWY_INLINE VU increment(V x, VU bits, Draws draws) const {
    const VU rest = hn::Set(du_, rest_);
    if constexpr (mode == RoundingMode::kNearestEven) {
      const VU odd = hn::And(hn::ShiftRightSame(bits, dropped_), hn::Set(du_, static_cast<Bits>(half_ == 0 ? 0 : 1)));
      return hn::Add(odd, hn::Set(du_, static_cast<Bits>(half_ == 0 ? 0 : half_ - 1)));
    } else if constexpr (mode == RoundingMode::kNearestAway) {
      return hn::Set(du_, half_);
    } else if constexpr (mode == RoundingMode::kNearestZero) {
      return hn::Set(du_, static_cast<Bits>(half_ == 0 ? 0 : half_ - 1));
    } else if constexpr (mode == RoundingMode::kTowardZero) {
      return hn::Zero(du_);
    } else if constexpr (mode == RoundingMode::kUp) {
      return hn::AndNot(sign(x), rest);
    } else if constexpr (mode == RoundingMode::kDown) {
      return hn::And(sign(x), rest);
    } else {
      return noise(x, draws);
    }
  }

  HWY_INLINE VU sign(V x) const { return hn::BitCast(du_, hn::BroadcastSignBit(hn::BitCast(hn::RebindToSigned<D>(), x))); }

  // A positive x goes away if draw < floor(rest 2^(k - drop)), a negative one if draw >= 2^k - ceil(rest 2^(k - drop)).
  HWY_INLINE VU noise(V x, Draws draws) const {
    if (dropped_ == 0) return hn::Zero(du_);
    VU draw = hn::Zero(du_);
    if constexpr (sizeof(T) == 4) {
      draw = draws;
    } else {
      draw = hn::PromoteTo(du_, draws);
    }
    draw = hn::And(draw, hn::Set(du_, draw_mask_));
    draw = hn::ShiftLeftSame(hn::ShiftRightSame(draw, right_), left_);
    const VU negative = sign(x);
    const VU flip = hn::IfVecThenElse(negative, hn::Set(du_, negative_flip_), hn::Set(du_, positive_flip_));
    return hn::Xor(draw, flip);
  }

  D d_;
  DU du_;
  int dropped_, right_, left_;
  Bits rest_, half_, draw_mask_, positive_flip_, negative_flip_;
};

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
