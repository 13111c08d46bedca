// The cutting kernel (element.hpp), one vector at a time; compiled once a target. Places (places-inl.hpp) says where the bit
// pattern of a magnitude is cut.
#if defined(HALFULP_KERNELS_CUTTING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_CUTTING_INL_HPP
#undef HALFULP_KERNELS_CUTTING_INL_HPP
#else
#define HALFULP_KERNELS_CUTTING_INL_HPP
#endif

#include <hwy/highway.h>

#include "element.hpp"
#include "lanes-inl.hpp"
#include "places-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <RoundingMode mode, class D, class Places>
class CuttingKernel {
 public:
  static constexpr bool kKeepsSign = true;              // that of zero as the format has it, or as x
  static constexpr bool kLimits = Places::kHasGap;      // |x| to ElementPlan::clamp_high
  using Types = KernelTypes<D>;
  using T = typename Types::T;
  using DU = typename Types::DU;
  using Bits = typename Types::Bits;
  using V = typename Types::V;
  using VU = typename Types::VU;
  using M = typename Types::M;
  using Draws = typename Types::Draws;

  explicit CuttingKernel(const ElementPlan<T>& plan)
      : places_(plan), least_(hn::Set(d_, plan.least)), most_(hn::Set(d_, plan.clamp_high)), least_is_known_(plan.least_is_known), bits_(hn::Set(du_, static_cast<Bits>(plan.stochastic_bits))),
        draw_mask_(hn::Set(du_, static_cast<Bits>((std::uint64_t{1} << plan.stochastic_bits) - 1))) {}

  // x rounded. `uncertain` gains the lanes that are left open.
  HWY_INLINE V round(V x, Draws draws, M& uncertain) const {
    V magnitude = hn::Abs(x);
    if constexpr (Places::kHasGap) magnitude = hn::Min(hn::Max(magnitude, least_), most_);
    const auto [bits, drop] = places_.cut(hn::BitCast(du_, magnitude));
    const VU rest = hn::Not(ones() << drop);
    VU rounded = bits;
    if constexpr (mode == RoundingMode::kOdd) {
      const auto exact = hn::Eq(hn::And(bits, rest), hn::Zero(du_));
      rounded = hn::Or(hn::AndNot(rest, bits), hn::IfThenZeroElse(exact, one() << drop));
    } else if constexpr (mode == RoundingMode::kTowardZero) {
      rounded = hn::AndNot(rest, bits);
    } else {
      rounded = hn::AndNot(rest, hn::Add(bits, increment(x, bits, drop, rest, draws)));
    }
    if constexpr (mode == RoundingMode::kStochastic && Places::kCutsExponents) {
      const auto cut = hn::And(hn::Gt(hn::BitCast(di_, drop), hn::Set(di_, Types::kStoredBits)), hn::RebindMask(di_, hn::Ne(hn::And(bits, rest), hn::Zero(du_))));
      uncertain = hn::Or(uncertain, hn::RebindMask(d_, cut));
    }
    const V result = hn::CopySignToAbs(hn::BitCast(d_, places_.magnitude(rounded, bits)), x);
    if constexpr (Places::kHasGap) return beside_zero(x, result, uncertain);
    return result;
  }

 private:
  HWY_INLINE VU ones() const { return hn::Set(du_, ~Bits{0}); }
  HWY_INLINE VU one() const { return hn::Set(du_, Bits{1}); }

  // What makes the carry that rounds away from zero.
  HWY_INLINE VU increment(V x, VU bits, VU drop, VU rest, Draws draws) const {
    if constexpr (mode == RoundingMode::kNearestEven) {
      return hn::Add(hn::ShiftRight<1>(rest), hn::And(hn::And(bits >> drop, rest), one()));
    } else if constexpr (mode == RoundingMode::kNearestAway) {
      return hn::Sub(rest, hn::ShiftRight<1>(rest));
    } else if constexpr (mode == RoundingMode::kNearestZero) {
      return hn::ShiftRight<1>(rest);
    } else if constexpr (mode == RoundingMode::kUp) {
      return hn::AndNot(sign_bits(d_, x), rest);
    } else if constexpr (mode == RoundingMode::kDown) {
      return hn::And(sign_bits(d_, x), rest);
    } else {
      static_assert(mode == RoundingMode::kStochastic);
      return noise(x, drop, rest, draws);
    }
  }

  // A positive x goes away if draw < floor(rest 2^(k - drop)), a negative one if draw >= 2^k - ceil(rest 2^(k - drop)). The draw's
  // leading bits are moved to where the rest's are.
  HWY_INLINE VU noise(V x, VU drop, VU rest, Draws draws) const {
    VU draw = hn::Zero(du_);
    if constexpr (sizeof(T) == 4) {
      draw = draws;
    } else {
      draw = hn::PromoteTo(du_, draws);
    }
    const VU more = hn::Max(drop, bits_);
    const VU left = hn::Sub(more, bits_), right = hn::Min(hn::Sub(more, drop), hn::Set(du_, Bits{31}));
    draw = (hn::And(draw, draw_mask_) >> right) << left;
    const VU below = ones() << left;
    const VU flip = hn::IfVecThenElse(sign_bits(d_, x), hn::Not(below), below);
    return hn::And(hn::Xor(draw, flip), rest);
  }

  // Magnitudes below the least one of the format: nearest modes and odd give that one, zero excepted; the directed modes zero on
  // the one side.
  HWY_INLINE V beside_zero(V x, V result, M& uncertain) const {
    const auto is_zero = hn::Eq(x, hn::Zero(d_));
    const auto below = hn::AndNot(is_zero, hn::Lt(hn::Abs(x), least_));
    if (mode == RoundingMode::kStochastic || !least_is_known_) uncertain = hn::Or(uncertain, below);
    M zero = is_zero;
    if constexpr (mode == RoundingMode::kTowardZero) {
      zero = hn::Or(is_zero, below);
    } else if constexpr (mode == RoundingMode::kUp) {
      zero = hn::Or(is_zero, hn::And(below, hn::Lt(x, hn::Zero(d_))));
    } else if constexpr (mode == RoundingMode::kDown) {
      zero = hn::Or(is_zero, hn::And(below, hn::Gt(x, hn::Zero(d_))));
    }
    return hn::IfThenZeroElse(zero, result);
  }

  D d_;
  DU du_;
  typename Types::DI di_;
  Places places_;
  V least_, most_;
  bool least_is_known_;
  VU bits_, draw_mask_;
};

template <class D, class Places>
struct CuttingOf {
  template <RoundingMode mode>
  using Kernel = CuttingKernel<mode, D, Places>;
};

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
