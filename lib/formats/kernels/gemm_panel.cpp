#include "gemm_panel.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gemm_panel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "../kernel.hpp"
#include "adding-inl.hpp"
#include "cutting-inl.hpp"
#include "gemm_odd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;

// `has_zeros`: -0 may be told from +0 by what follows.
template <bool is_exact, bool has_zeros>
HWY_INLINE V sum_of(V x, V factor, V y) {
  const D d;
  if constexpr (is_exact && !has_zeros) {
    return hn::MulAdd(factor, y, x);
  } else if constexpr (is_exact) {
    return hn::Add(hn::MulAdd(factor, y, x), hn::Zero(d));
  } else {
    return sum_to_odd(d, x, hn::Mul(factor, y));
  }
}

// Visits vector after vector: out = finish(sum, index).
template <bool is_exact, bool has_zeros, class Finish>
HWY_INLINE void for_each_sum(const PanelJob& job, const Finish& finish) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t r = 0; r < job.rows; ++r) {
    const V factor = hn::Set(d, job.factor[r * job.factor_pitch]);
    const double* y = job.y + r * job.y_pitch;
    const std::size_t row = r * job.count;
    if (job.x == nullptr) {
      for (std::size_t j = 0; j < job.count; j += lanes) {
        hn::StoreU(finish(hn::Mul(factor, hn::LoadU(d, y + j)), row + j), d, job.out + row + j);
      }
    } else {
      for (std::size_t j = 0; j < job.count; j += lanes) {
        const V sum = sum_of<is_exact, has_zeros>(hn::LoadU(d, job.x + row + j), factor, hn::LoadU(d, y + j));
        hn::StoreU(finish(sum, row + j), d, job.out + row + j);
      }
    }
  }
}

template <bool is_exact>
void add_only(const PanelJob& job) {
  for_each_sum<is_exact, true>(job, [](V sum, std::size_t) HWY_ATTR { return sum; });
}

// Stochastic rounding to a floating-point format: above its subnormal range the bits of the draw are added to those that are
// dropped, below the adding kernel decides.
class NoiseKernel {
 public:
  using Draws = hn::Vec<hn::Rebind<std::uint32_t, D>>;

  explicit NoiseKernel(const ElementPlan<double>& plan) : careful_(plan), normal_(hn::Set(d_, plan.grid_floor)) {
    const int drop = kStored - plan.format->stored_significand_bits, bits = plan.stochastic_bits;
    const int low = std::max(drop - bits, 0);
    up_ = kBits - bits;
    down_ = kBits - drop;
    rest_ = hn::Set(du_, low_ones(drop));
    noise_ = hn::Set(du_, low_ones(drop) - low_ones(low));
  }

  HWY_INLINE V round(V x, Draws draws, hn::Mask<D>& uncertain) const {
    const auto subnormal = hn::And(hn::Lt(hn::Abs(x), normal_), hn::Ne(x, hn::Zero(d_)));
    if (HWY_UNLIKELY(!hn::AllFalse(d_, subnormal))) return careful_.round(x, draws, uncertain);
    const auto bits = hn::BitCast(du_, x);
    // The draw's leading bits in the places of the leading dropped ones.
    const auto draw = hn::ShiftRightSame(hn::ShiftLeftSame(hn::PromoteTo(du_, draws), up_), down_);
    const auto negative = hn::BitCast(du_, hn::BroadcastSignBit(hn::BitCast(di_, x)));
    // The draw's complement for positive x; the draw, with ones below it, for negative ones.
    const auto noise = hn::Xor(hn::Xor(draw, noise_), hn::And(negative, rest_));
    return hn::BitCast(d_, hn::AndNot(rest_, hn::Add(bits, noise)));
  }

 private:
  static constexpr int kStored = 52, kBits = 64;
  static constexpr std::uint64_t low_ones(int count) { return (std::uint64_t{1} << count) - 1; }

  D d_;
  hn::RebindToUnsigned<D> du_;
  hn::RebindToSigned<D> di_;
  AddingKernel<RoundingMode::kStochastic, D> careful_;
  V normal_;
  int up_ = 0, down_ = 0;
  hn::Vec<hn::RebindToUnsigned<D>> rest_, noise_;
};

template <bool is_exact, class Kernel, bool draws, bool has_zeros = true>
void add_and_round_by(const ElementPlan<double>& plan, const PanelJob& job) {
  const D d;
  const hn::Rebind<std::uint32_t, D> d32;
  const Kernel kernel(plan);
  const V low = hn::Set(d, plan.clamp_low), high = hn::Set(d, plan.clamp_high);
  const V sign = hn::Set(d, plan.keeps_zero_sign ? -0.0 : 0.0);
  for_each_sum<is_exact, has_zeros>(job, [&](V sum, std::size_t j) HWY_ATTR {
    auto words = hn::Zero(d32);
    if constexpr (draws) words = hn::LoadU(d32, job.draws + j);
    auto uncertain = no_lanes(d);
    const V rounded = kernel.round(hn::Min(hn::Max(sum, low), high), words, uncertain);
    if constexpr (has_zeros) return hn::OrAnd(rounded, sum, sign);
    return rounded;
  });
}

template <bool is_exact>
void add_and_round(const ElementPlan<double>& plan, const PanelJob& job) {
  if (plan.method == ElementMethod::kPosit) {
    return add_and_round_by<is_exact, CuttingKernel<RoundingMode::kNearestEven, D, PositPlaces<D>>, false, false>(plan, job);
  }
  if (plan.mode == RoundingMode::kStochastic && plan.format->family == FormatFamily::kFloat) {
    return add_and_round_by<is_exact, NoiseKernel, true>(plan, job);
  }
  with_mode(plan.mode, [&]<RoundingMode mode>() {
    add_and_round_by<is_exact, AddingKernel<mode, D>, mode == RoundingMode::kStochastic>(plan, job);
  });
}

void step(const ElementPlan<double>* plan, bool is_exact, const PanelJob& job) {
  if (plan == nullptr) return is_exact ? add_only<true>(job) : add_only<false>(job);
  is_exact ? add_and_round<true>(*plan, job) : add_and_round<false>(*plan, job);
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(step);

bool rounds_in_step(const ElementPlan<double>& plan) {
  const bool is_known = plan.method == ElementMethod::kAdd || (plan.method == ElementMethod::kPosit && plan.mode == RoundingMode::kNearestEven);
  return plan.is_plain && is_known;
}

void panel_step(const ElementPlan<double>* plan, bool is_exact, const PanelJob& job) { HWY_DYNAMIC_DISPATCH(step)(plan, is_exact, job); }

}  // namespace halfulp::kernels
#endif
