#include "element.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/element.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "adding-inl.hpp"
#include "cutting-inl.hpp"
#include "stream-inl.hpp"
#include "../kernel.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The result of one vector: the kernel's rounding, limits and zeros, and the scalar path for the lanes it does not know.
template <class Kernel, class D>
class ElementRounding {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  explicit ElementRounding(const ElementPlan<T>& plan)
      : plan_(plan), kernel_(plan), largest_(hn::Set(d_, plan.largest)), lowest_(hn::Set(d_, plan.lowest)),
        above_(hn::Set(d_, plan.above_largest)), below_(hn::Set(d_, plan.below_lowest)), gap_(hn::Set(d_, plan.gap)),
        flush_(hn::Set(d_, plan.flush_below)), zero_(hn::Set(d_, plan.zero)) {}

  HWY_INLINE V operator()(const T* in, const std::uint32_t* draws) const {
    const V x = hn::LoadU(d_, in);
    const V magnitude = hn::Abs(x);
    V rounded = hn::CopySign(kernel_.round(x, magnitude, draws), x);
    const auto too_large = hn::Gt(rounded, largest_), too_low = hn::Lt(rounded, lowest_);
    auto rare = hn::Not(hn::Lt(magnitude, hn::Inf(d_)));
    rare = hn::Or(rare, hn::And(hn::Lt(magnitude, gap_), hn::Gt(magnitude, hn::Zero(d_))));
    if (plan_.overflow_is_rare) rare = hn::Or(rare, hn::Or(too_large, too_low));
    rounded = hn::IfThenElse(too_large, above_, rounded);
    rounded = hn::IfThenElse(too_low, below_, rounded);
    const auto flushed = hn::Lt(hn::Abs(rounded), flush_);
    rounded = hn::Add(hn::IfThenElse(flushed, hn::CopySignToAbs(hn::Zero(d_), rounded), rounded), zero_);
    if (HWY_UNLIKELY(!hn::AllFalse(d_, rare))) return scalar(in, draws);
    return rounded;
  }

 private:
  HWY_NOINLINE V scalar(const T* in, const std::uint32_t* draws) const {
    HWY_ALIGN T lanes[hn::MaxLanes(D())];
    round_scalar(*plan_.format, in, draws, lanes, hn::Lanes(d_));
    return hn::Load(d_, lanes);
  }

  D d_;
  const ElementPlan<T>& plan_;
  Kernel kernel_;
  V largest_, lowest_, above_, below_, gap_, flush_, zero_;
};

template <template <RoundingMode, class> class Kernel, typename T>
void round_with(const ElementPlan<T>& plan, const T* in, const std::uint32_t* draws, T* out, std::size_t count, bool stream) {
  using D = hn::ScalableTag<T>;
  with_mode(plan.mode, [&]<RoundingMode mode>() {
    const ElementRounding<Kernel<mode, D>, D> rounding(plan);
    transform(D(), rounding, in, mode == RoundingMode::kStochastic ? draws : nullptr, out, count, stream);
  });
}

template <typename T>
void round_any(const ElementPlan<T>& plan, const T* in, const std::uint32_t* draws, T* out, std::size_t count, bool stream) {
  if (plan.method == ElementMethod::kCut) {
    round_with<CuttingKernel>(plan, in, draws, out, count, stream);
  } else {
    round_with<AddingKernel>(plan, in, draws, out, count, stream);
  }
}

void round_float(const ElementPlan<float>& plan, const float* in, DrawsPointer draws, float* out, std::size_t count, bool stream) {
  round_any(plan, in, draws, out, count, stream);
}

void round_double(const ElementPlan<double>& plan, const double* in, DrawsPointer draws, double* out, std::size_t count, bool stream) {
  round_any(plan, in, draws, out, count, stream);
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(round_float);
HWY_EXPORT(round_double);

void round_elements(const ElementPlan<float>& plan, const float* in, DrawsPointer draws, float* out, std::size_t count, bool stream) {
  HWY_DYNAMIC_DISPATCH(round_float)(plan, in, draws, out, count, stream);
}

void round_elements(const ElementPlan<double>& plan, const double* in, DrawsPointer draws, double* out, std::size_t count,
                    bool stream) {
  HWY_DYNAMIC_DISPATCH(round_double)(plan, in, draws, out, count, stream);
}

}  // namespace halfulp::kernels
#endif
