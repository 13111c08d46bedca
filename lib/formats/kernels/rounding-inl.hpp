// A kernel over an array: what happens beside the rounding itself (limits, infinities, zeros), and where random words come from;
// compiled once a target.
#if defined(HALFULP_KERNELS_ROUNDING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_ROUNDING_INL_HPP
#undef HALFULP_KERNELS_ROUNDING_INL_HPP
#else
#define HALFULP_KERNELS_ROUNDING_INL_HPP
#endif

#include <hwy/highway.h>

#include "../kernel.hpp"
#include "ars_wide.hpp"
#include "draw_source-inl.hpp"
#include "element.hpp"
#include "lanes-inl.hpp"
#include "stream-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Formats without special cases: x is limited, rounded, and gets its sign back for the sake of zeros. What the kernel cannot
// know (NaN and infinities in the input, open decisions) makes the whole array one for the careful rounding.
template <class Kernel, class D, class Draws>
class PlainRounding {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  PlainRounding(const ElementPlan<T>& plan, const Draws& draws)
      : draws_(draws), kernel_(plan), low_(hn::Set(d_, plan.clamp_low)), high_(hn::Set(d_, plan.clamp_high)),
        sign_(hn::Set(d_, plan.keeps_zero_sign ? -T{0} : T{0})), not_finite_(hn::Zero(d_)), uncertain_(no_lanes(d_)) {}

  HWY_INLINE V operator()(V x, std::size_t i) {
    not_finite_ = hn::MulAdd(x, hn::Zero(d_), not_finite_);
    const V limited = Kernel::kLimits ? x : hn::Min(hn::Max(x, low_), high_);
    const V rounded = kernel_.round(limited, draws_.at(i), uncertain_);
    if constexpr (Kernel::kKeepsSign) return rounded;
    return hn::OrAnd(rounded, x, sign_);
  }

  bool is_certain() const {
    return hn::AllTrue(d_, hn::Eq(not_finite_, hn::Zero(d_))) && hn::AllFalse(d_, uncertain_);
  }

 private:
  D d_;
  Draws draws_;
  Kernel kernel_;
  V low_, high_, sign_, not_finite_;
  hn::Mask<D> uncertain_;
};

// Any format and any input: the scalar path decides the lanes that the kernel does not know.
template <class Kernel, class D, class Draws>
class CarefulRounding {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  CarefulRounding(const ElementPlan<T>& plan, const Draws& draws) : plan_(plan), draws_(draws), kernel_(plan) {}

  HWY_INLINE V operator()(V x, std::size_t i) const {
    const auto draws = draws_.at(i);
    auto rare = no_lanes(d_);
    V rounded = hn::Min(hn::Max(x, hn::Set(d_, plan_.clamp_low)), hn::Set(d_, plan_.clamp_high));
    rounded = hn::CopySign(kernel_.round(rounded, draws, rare), x);
    const V judged = plan_.argument_overflows ? x : rounded;
    const auto too_large = hn::Gt(judged, hn::Set(d_, plan_.largest)), too_low = hn::Lt(judged, hn::Set(d_, plan_.lowest));
    if (plan_.overflow_is_rare) rare = hn::Or(rare, hn::Or(too_large, too_low));
    rounded = hn::IfThenElse(too_large, hn::Set(d_, plan_.above_largest), rounded);
    rounded = hn::IfThenElse(too_low, hn::Set(d_, plan_.below_lowest), rounded);
    const auto flushed = hn::Lt(hn::Abs(rounded), hn::Set(d_, plan_.flush_below));
    rounded = hn::IfThenElse(flushed, hn::CopySignToAbs(hn::Zero(d_), rounded), rounded);
    if (!plan_.keeps_zero_sign) rounded = hn::Add(rounded, hn::Zero(d_));
    if (plan_.is_positive) rounded = hn::IfThenElse(hn::Gt(x, hn::Zero(d_)), rounded, hn::Set(d_, plan_.below_lowest));
    rare = hn::Or(rare, has_own_rule(hn::Abs(x)));
    if (HWY_UNLIKELY(!hn::AllFalse(d_, rare))) return scalar(x, draws);
    return rounded;
  }

 private:
  HWY_INLINE hn::Mask<D> has_own_rule(V magnitude) const {
    const auto in_gap = hn::And(hn::Lt(magnitude, hn::Set(d_, plan_.gap)), hn::Gt(magnitude, hn::Zero(d_)));
    return hn::Or(in_gap, hn::Not(hn::Lt(magnitude, hn::Inf(d_))));
  }
  HWY_NOINLINE V scalar(V x, hn::Vec<DrawLanes<D>> draws) const {
    HWY_ALIGN T lanes[hn::MaxLanes(D())];
    HWY_ALIGN std::uint32_t words[hn::MaxLanes(D())];
    hn::Store(x, d_, lanes);
    hn::Store(draws, DrawLanes<D>(), words);
    round_scalar(*plan_.format, lanes, words, lanes, hn::Lanes(d_));
    return hn::Load(d_, lanes);
  }

  D d_;
  const ElementPlan<T>& plan_;
  Draws draws_;
  Kernel kernel_;
};

template <class Kernel, class D, class Draws, typename T>
void round_drawing(const ElementJob<T>& job, const Draws& draws) {
  if (job.plan.is_plain) {
    PlainRounding<Kernel, D, Draws> rounding(job.plan, draws);
    transform(D(), rounding, job.in, job.out, job.count, job.stream);
    if (rounding.is_certain()) return;
  }
  CarefulRounding<Kernel, D, Draws> rounding(job.plan, draws);
  transform(D(), rounding, job.in, job.out, job.count, job.stream);
}

// Whether random words are better made where they are used: not where wide AES instructions are at hand but not in this target.
inline bool makes_draws() { return HWY_TARGET != HWY_AVX2 || !has_wide_aes(); }

template <class Kernel, class D, typename T>
void round_stochastically(const ElementJob<T>& job) {
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_AVX3
  if constexpr (sizeof(T) == 4) {
    const std::size_t head = job.stream ? head_of(job.out) : 0;
    if (makes_draws() && job.key.first % kArsWords == 0 && head % kArsWords == 0) return round_drawing<Kernel, D>(job, MadeDraws<D>(job.key));
  }
#endif
  HWY_ALIGN std::uint32_t draws[kMaxElements + 3 * kDrawGroup];
  round_drawing<Kernel, D>(job, StoredDraws<D>(stored_draws(job.key, job.count, draws)));
}

// Kernel<mode>: the kernel of a rounding mode.
template <template <RoundingMode> class Kernel, class D, typename T>
void round_with(const ElementJob<T>& job) {
  with_mode(job.plan.mode, [&]<RoundingMode mode>() {
    if constexpr (mode == RoundingMode::kStochastic) {
      round_stochastically<Kernel<mode>, D>(job);
    } else {
      round_drawing<Kernel<mode>, D>(job, NoDraws<D>());
    }
  });
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
