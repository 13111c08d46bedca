#include "gemm_panel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gemm_panel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "../kernel.hpp"
#include "adding-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;

HWY_INLINE V to_odd(V sum, V error) {
  const D d;
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, sum), one = hn::Set(di, 1);
  const auto is_even = hn::Eq(hn::And(bits, one), hn::Zero(di));
  const auto is_inexact = hn::Or(hn::Lt(error, hn::Zero(d)), hn::Gt(error, hn::Zero(d)));  // neither for NaN
  const auto outward = hn::Or(hn::BroadcastSignBit(hn::Xor(bits, hn::BitCast(di, error))), one);
  const auto moves = hn::And(hn::RebindMask(di, is_inexact), is_even);
  return hn::BitCast(d, hn::Add(bits, hn::IfThenElseZero(moves, outward)));
}

template <bool is_exact>
HWY_INLINE V sum_of(V x, V factor, V y) {
  const D d;
  if constexpr (is_exact) {
    return hn::Add(hn::MulAdd(factor, y, x), hn::Zero(d));
  } else {
    const V p = hn::Mul(factor, y), sum = hn::Add(hn::Add(x, p), hn::Zero(d));
    const V p_part = hn::Sub(sum, x);
    const V error = hn::Add(hn::Sub(x, hn::Sub(sum, p_part)), hn::Sub(p, p_part));
    return to_odd(sum, error);
  }
}

// Visits vector after vector: out = finish(sum, index).
template <bool is_exact, class Finish>
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
        const V sum = sum_of<is_exact>(hn::LoadU(d, job.x + row + j), factor, hn::LoadU(d, y + j));
        hn::StoreU(finish(sum, row + j), d, job.out + row + j);
      }
    }
  }
}

template <bool is_exact>
void add_only(const PanelJob& job) {
  for_each_sum<is_exact>(job, [](V sum, std::size_t) HWY_ATTR { return sum; });
}

template <bool is_exact>
void add_and_round(const ElementPlan<double>& plan, const PanelJob& job) {
  with_mode(plan.mode, [&]<RoundingMode mode>() HWY_ATTR {
    const D d;
    const hn::Rebind<std::uint32_t, D> d32;
    const AddingKernel<mode, D> kernel(plan);
    const V low = hn::Set(d, plan.clamp_low), high = hn::Set(d, plan.clamp_high);
    const V sign = hn::Set(d, plan.keeps_zero_sign ? -0.0 : 0.0);
    for_each_sum<is_exact>(job, [&](V sum, std::size_t j) HWY_ATTR {
      auto draws = hn::Zero(d32);
      if constexpr (mode == RoundingMode::kStochastic) draws = hn::LoadU(d32, job.draws + j);
      auto uncertain = no_lanes(d);
      const V rounded = kernel.round(hn::Min(hn::Max(sum, low), high), draws, uncertain);
      return hn::OrAnd(rounded, sum, sign);
    });
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

bool rounds_in_step(const ElementPlan<double>& plan) { return plan.is_plain && plan.method == ElementMethod::kAdd; }

void panel_step(const ElementPlan<double>* plan, bool is_exact, const PanelJob& job) { HWY_DYNAMIC_DISPATCH(step)(plan, is_exact, job); }

}  // namespace halfulp::kernels
#endif
