// The adding kernel (element.hpp), one vector at a time; compiled once a target.
#if defined(HALFULP_KERNELS_ADDING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_ADDING_INL_HPP
#undef HALFULP_KERNELS_ADDING_INL_HPP
#else
#define HALFULP_KERNELS_ADDING_INL_HPP
#endif

#include <hwy/highway.h>

#include "element.hpp"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <RoundingMode mode, class D>
class AddingKernel {
 public:
  static constexpr bool kKeepsSign = false, kLimits = false;
  using Types = KernelTypes<D>;
  using T = typename Types::T;
  using DU = typename Types::DU;
  using Bits = typename Types::Bits;
  using V = typename Types::V;
  using VU = typename Types::VU;
  using M = typename Types::M;
  using Draws = typename Types::Draws;

  explicit AddingKernel(const ElementPlan<T>& plan)
      : magic_offset_(hn::Set(du_, plan.magic_offset)),
        ulp_offset_(hn::Set(du_, plan.ulp_offset)),
        floor_(hn::Set(d_, plan.grid_floor)),
        stochastic_bits_(plan.stochastic_bits) {}

  // x rounded; the sign of a zero is lost. `uncertain` gains the lanes whose stochastic decision is left open.
  HWY_INLINE V round(V x, Draws draws, M& uncertain) const { return round_above(floor_, x, draws, uncertain); }
  // The same with another 2^E.
  HWY_INLINE V round_above(V floor, V x, Draws draws, M& uncertain) const {
    const V binade = hn::Max(hn::And(x, hn::BitCast(d_, hn::Set(du_, Types::kExponentField))), floor);
    const V magic = hn::BitCast(d_, hn::Add(hn::BitCast(du_, binade), magic_offset_));
    const V sum = hn::Add(x, magic);
    const V nearest = hn::Sub(sum, magic);
    if constexpr (mode == RoundingMode::kNearestEven) {
      return nearest;
    } else {
      const VU units = adjusted(x, hn::BitCast(du_, binade), hn::BitCast(du_, sum), nearest, draws, uncertain);
      return hn::Sub(hn::BitCast(d_, units), magic);
    }
  }

 private:
  // Minus the bit pattern of u it is that of 2^32 / u.
  static constexpr auto kReciprocal = static_cast<Bits>(sizeof(T) == 4 ? (254ull + 32) << 23 : (2046ull + 32) << 52);

  // M + k u as a bit pattern, whose last bits are k, moved from the nearest k to the one that the mode selects.
  HWY_INLINE VU adjusted(V x, VU binade, VU sum, V nearest, Draws draws, M& uncertain) const {
    if constexpr (mode == RoundingMode::kUp) {
      return add_one_where(sum, hn::Lt(nearest, x));
    } else if constexpr (mode == RoundingMode::kDown) {
      return subtract_one_where(sum, hn::Gt(nearest, x));
    } else if constexpr (mode == RoundingMode::kOdd) {
      const VU floor = subtract_one_where(sum, hn::Gt(nearest, x));
      return hn::Or(floor, hn::IfThenElseZero(hn::RebindMask(du_, hn::Ne(nearest, x)), hn::Set(du_, Bits{1})));
    } else if constexpr (mode == RoundingMode::kTowardZero) {
      return hn::Sub(sum, outward_where(x, hn::Gt(hn::Abs(nearest), hn::Abs(x))));
    } else if constexpr (mode == RoundingMode::kNearestAway) {
      return hn::Add(sum, outward_where(x, hn::Eq(hn::Sub(x, nearest), half_ulp(x, binade))));
    } else if constexpr (mode == RoundingMode::kNearestZero) {
      return hn::Sub(sum, outward_where(x, hn::Eq(hn::Sub(nearest, x), half_ulp(x, binade))));
    } else {
      static_assert(mode == RoundingMode::kStochastic);
      return stochastic(x, binade, sum, nearest, draws, uncertain);
    }
  }

  // u/2 with the sign of x.
  HWY_INLINE V half_ulp(V x, VU binade) const {
    return hn::CopySignToAbs(hn::BitCast(d_, hn::Sub(binade, hn::Add(ulp_offset_, hn::Set(du_, Types::kOneExponent)))), x);
  }
  // One unit away from zero in the lanes of the mask: 1 or, for negative x, -1.
  HWY_INLINE VU outward_where(V x, M mask) const {
    return hn::IfThenElseZero(hn::RebindMask(du_, mask), hn::Or(sign_bits(d_, x), hn::Set(du_, Bits{1})));
  }

  // Let the nearest value be d u below x, s = floor(2^32 d), and c the draw moved to the top of a signed 32-bit number. Then x goes
  // to the neighbour above if the draw is below the fraction of x: k becomes k + [c < s] - [c < 0], and c < s is ~c >= -2^32 d.
  HWY_INLINE VU stochastic(V x, VU binade, VU sum, V nearest, Draws draws, M& uncertain) const {
    const hn::Rebind<std::uint32_t, D> d32;
    const hn::Rebind<std::int32_t, D> di32;
    const int shift = 32 - stochastic_bits_;
    auto draw = draws;
    if (shift != 0) draw = hn::ShiftLeftSame(draws, shift);
    const auto flipped = hn::BitCast(di32, hn::Xor(draw, hn::Set(d32, ~std::uint32_t{0} << shift)));
    const V per_ulp = hn::BitCast(d_, hn::Sub(hn::Add(hn::Set(du_, kReciprocal), ulp_offset_), binade));
    const V below = hn::Mul(hn::Sub(nearest, x), per_ulp);
    if constexpr (sizeof(T) == 8) {
      const V level = hn::PromoteTo(d_, flipped);
      return subtract_one_where(add_one_where(sum, hn::Ge(level, below)), hn::Ge(level, hn::Zero(d_)));
    } else {
      const V level = hn::ConvertTo(d_, flipped);
      if (stochastic_bits_ > kExactBits) uncertain = hn::Or(uncertain, hn::Eq(level, below));
      const VU negative = hn::BitCast(du_, hn::BroadcastSignBit(hn::BitCast(di32, draw)));
      return add_one_where(hn::Add(sum, negative), hn::Ge(level, below));
    }
  }

  static constexpr int kExactBits = 24;  // of a draw, in a float

  D d_;
  DU du_;
  VU magic_offset_, ulp_offset_;
  V floor_;
  int stochastic_bits_;
};

template <class D>
struct AddingOf {
  template <RoundingMode mode>
  using Kernel = AddingKernel<mode, D>;
};

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
