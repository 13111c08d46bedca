#include "group.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/integers.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "../kernel.hpp"
#include "grouping-inl.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/formats/round.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET <= HWY_AVX2

// n, the integer nearest x times a rounded 1/s, is the one nearest x/s or its neighbour: x/s has at most 20 integer bits. The rest
// r = x - n s is exact: it is a multiple of the last places of x and s where |x| >= s, and there |r| < s; and where |x| < s, it is x
// or x - s with x >= s/2. So every mode is decided by comparing r with 0 and s/2, exactly.
template <RoundingMode mode, class D>
class IntegerRounding {
 public:
  using Types = KernelTypes<D>;
  using T = typename Types::T;
  using V = typename Types::V;
  using M = typename Types::M;
  using Draws = typename Types::Draws;

  struct Scale {
    V scale, inverse, low, high;
  };

  explicit IntegerRounding(const IntegerPlan<T>& plan) : plan_(plan), special_(hn::Zero(d_)), all_(load(0)) {}

  const Scale& all() const { return all_; }
  HWY_INLINE Scale load(std::size_t i) const {
    if (!plan_.each) return with_inverse(hn::Set(d_, *plan_.scale), hn::Set(d_, *plan_.low), hn::Set(d_, *plan_.high));
    return with_inverse(hn::LoadU(d_, plan_.scale + i), hn::LoadU(d_, plan_.low + i), hn::LoadU(d_, plan_.high + i));
  }

  HWY_INLINE V round(V x, const Scale& s, Draws draws, std::size_t i) {
    special_ = hn::MulAdd(x, hn::Zero(d_), special_);
    const V magic = hn::Set(d_, kMagic);
    const V sum = hn::MulAdd(x, s.inverse, magic);
    const V n = hn::Sub(sum, magic);
    const V rest = hn::NegMulAdd(n, s.scale, x);
    V code = n;
    if constexpr (mode == RoundingMode::kStochastic) {
      M open = no_lanes(d_);
      code = drawn(n, rest, s, draws, open);
      if (HWY_UNLIKELY(!hn::AllFalse(d_, open))) return scalar(x, draws, i);
    } else {
      const M moves = moving(x, sum, rest, s);
      if (!is_nearest_mode || HWY_UNLIKELY(!hn::AllFalse(d_, moves))) {
        code = hn::IfThenElse(moves, hn::Add(n, hn::CopySignToAbs(hn::Set(d_, T{1}), rest)), n);
        if constexpr (is_nearest_mode) return finished(tied(x, sum, n, rest, s), s);
      }
    }
    return finished(code, s);
  }
  bool is_certain() const { return hn::AllTrue(d_, hn::Eq(special_, hn::Zero(d_))); }

 private:
  static constexpr bool is_nearest_mode =
      mode == RoundingMode::kNearestEven || mode == RoundingMode::kNearestAway || mode == RoundingMode::kNearestZero;
  static constexpr T kMagic = sizeof(T) == 4 ? T(0x1.8p23) : T(0x1.8p52);

  HWY_INLINE Scale with_inverse(V scale, V low, V high) const { return {scale, hn::Div(hn::Set(d_, T{1}), scale), low, high}; }
  HWY_INLINE V finished(V code, const Scale& s) const { return hn::Mul(hn::Min(hn::Max(code, s.low), s.high), s.scale); }
  HWY_INLINE M same_sign(V x, V rest) const { return hn::Eq(hn::CopySign(rest, x), rest); }
  HWY_INLINE M is_odd(V sum) const { return hn::RebindMask(d_, hn::TestBit(hn::BitCast(du_, sum), hn::Set(du_, 1))); }

  // Nearest modes: where n may not be the result. The others: where it is the neighbour on the side of the rest.
  HWY_INLINE M moving(V x, V sum, V rest, const Scale& s) const {
    if constexpr (is_nearest_mode) {
      return hn::Ge(hn::Abs(rest), hn::Mul(s.scale, hn::Set(d_, T(0.5))));
    } else if constexpr (mode == RoundingMode::kUp) {
      return hn::Gt(rest, hn::Zero(d_));
    } else if constexpr (mode == RoundingMode::kDown) {
      return hn::Lt(rest, hn::Zero(d_));
    } else if constexpr (mode == RoundingMode::kTowardZero) {
      return hn::AndNot(same_sign(x, rest), hn::Ne(rest, hn::Zero(d_)));
    } else {
      static_assert(mode == RoundingMode::kOdd || mode == RoundingMode::kStochastic);
      return hn::AndNot(is_odd(sum), hn::Ne(rest, hn::Zero(d_)));
    }
  }

  HWY_NOINLINE V tied(V x, V sum, V n, V rest, const Scale& s) const {
    const V half = hn::Mul(s.scale, hn::Set(d_, T(0.5)));
    const M tie = hn::Eq(hn::Abs(rest), half);
    M moves = hn::Gt(hn::Abs(rest), half);
    if constexpr (mode == RoundingMode::kNearestEven) {
      moves = hn::Or(moves, hn::And(tie, is_odd(sum)));
    } else if constexpr (mode == RoundingMode::kNearestAway) {
      moves = hn::Or(moves, hn::And(tie, same_sign(x, rest)));
    } else {
      moves = hn::Or(moves, hn::AndNot(same_sign(x, rest), tie));
    }
    return hn::IfThenElse(moves, hn::Add(n, hn::CopySignToAbs(hn::Set(d_, T{1}), rest)), n);
  }

  // Up from the floor if (draw + 1) / 2^k <= the fraction, which is rest / s, or one more where the rest is negative.
  HWY_INLINE V drawn(V n, V rest, const Scale& s, Draws draws, M& open) const {
    const int bits = plan_.format->stochastic_bits;
    const DrawLanes<D> d32;
    const hn::Rebind<std::int32_t, D> di32;
    const auto top = hn::ShiftRight<1>(hn::ShiftLeftSame(draws, 32 - bits));
    V level = hn::Zero(d_);
    if constexpr (sizeof(T) == 4) {
      level = hn::ConvertTo(d_, hn::BitCast(di32, top));
    } else {
      level = hn::PromoteTo(d_, hn::BitCast(di32, top));
    }
    static_cast<void>(d32);
    level = hn::MulAdd(level, hn::Set(d_, T(0x1p-31)), hn::Set(d_, static_cast<T>(std::ldexp(1.0, -bits))));
    const M below = hn::Lt(rest, hn::Zero(d_));
    level = hn::Sub(level, hn::IfThenElseZero(below, hn::Set(d_, T{1})));
    const V fraction = hn::Mul(rest, s.inverse);
    const M exact = hn::Eq(rest, hn::Zero(d_));
    open = hn::AndNot(exact, hn::Lt(hn::Abs(hn::Sub(fraction, level)), hn::Set(d_, T(0x1p-20))));
    const M up = hn::AndNot(exact, hn::Ge(fraction, level));
    const V floor = hn::Sub(n, hn::IfThenElseZero(below, hn::Set(d_, T{1})));
    return hn::Add(floor, hn::IfThenElseZero(up, hn::Set(d_, T{1})));
  }

  HWY_NOINLINE V scalar(V x, Draws draws, std::size_t first) const {
    return round_lanes(d_, x, draws, [&](std::size_t lane, double value, std::uint32_t draw) {
      const std::size_t i = plan_.each ? first + lane : 0;
      const GroupScale scale{static_cast<double>(plan_.scale[i]), static_cast<double>(plan_.zero[i])};
      return round_to(element_of(*plan_.format, scale), value, draw);
    });
  }

  D d_;
  typename Types::DU du_;
  const IntegerPlan<T>& plan_;
  V special_;
  Scale all_;
};

template <typename T>
bool integers(const IntegerPlan<T>& plan, const GroupJob<T>& job) {
  using D = hn::ScalableTag<T>;
  return with_mode(plan.format->rounding, [&]<RoundingMode mode>() {
    IntegerRounding<mode, D> rounding(plan);
    with_draws<mode == RoundingMode::kStochastic, D>(job, [&](const auto& draws) {
      if (plan.each) {
        const auto function = [&](hn::Vec<D> x, std::size_t i) HWY_ATTR { return rounding.round(x, rounding.load(i), draws.at(i), i); };
        return transform(D(), function, job.in, job.out, job.count, job.stream);
      }
      const auto all = rounding.all();
      const auto function = [&](hn::Vec<D> x, std::size_t i) HWY_ATTR { return rounding.round(x, all, draws.at(i), i); };
      transform(D(), function, job.in, job.out, job.count, job.stream);
    });
    return rounding.is_certain();
  });
}

#else

template <typename T>
bool integers(const IntegerPlan<T>&, const GroupJob<T>&) {
  return false;
}

#endif

bool is_fused() { return HWY_TARGET <= HWY_AVX2; }
bool integers_floats(const IntegerPlan<float>& plan, const GroupJob<float>& job) { return integers(plan, job); }
bool integers_doubles(const IntegerPlan<double>& plan, const GroupJob<double>& job) { return integers(plan, job); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(is_fused);
HWY_EXPORT(integers_floats);
HWY_EXPORT(integers_doubles);

bool has_fused_kernels() { return HWY_DYNAMIC_DISPATCH(is_fused)(); }
bool round_integers(const IntegerPlan<float>& plan, const GroupJob<float>& job) { return HWY_DYNAMIC_DISPATCH(integers_floats)(plan, job); }
bool round_integers(const IntegerPlan<double>& plan, const GroupJob<double>& job) { return HWY_DYNAMIC_DISPATCH(integers_doubles)(plan, job); }

}  // namespace halfulp::kernels
#endif
