#include "group.hpp"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/nvfp4_blocks.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "../kernel.hpp"
#include "adding-inl.hpp"
#include "grouping-inl.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/formats/round.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET <= HWY_AVX2

// Every quotient below has a relative error less than 2^-20. Rounding is monotone, so that the exact quotient rounds as quotients
// smaller and larger by this factor do where these agree.
template <typename T>
constexpr T kLess = T(1 - 0x1p-20);
template <typename T>
constexpr T kMore = T(1 + 0x1p-20);

constexpr double kLargestElement = 6, kLargestScale = 448, kLeastScale = 0x1p-9;

template <typename T>
class ScaleFinder {
 public:
  using D = hn::ScalableTag<T>;
  using Types = KernelTypes<D>;

  explicit ScaleFinder(const Nvfp4Plan<T>& plan)
      : kernel_(plan.scale), inverse_(hn::Set(d_, static_cast<T>(1 / (kLargestElement * plan.tensor_scale)))) {}

  HWY_INLINE hn::Vec<D> operator()(typename Types::VU maximum) const {
    const auto magnitude = hn::BitCast(d_, maximum);
    const auto quotient = hn::Mul(magnitude, inverse_);
    const auto less = rounded(hn::Mul(quotient, hn::Set(d_, kLess<T>))), more = rounded(hn::Mul(quotient, hn::Set(d_, kMore<T>)));
    const auto known = hn::And(hn::Eq(less, more), hn::Lt(magnitude, hn::Inf(d_)));
    return hn::IfThenElseZero(known, less);
  }

 private:
  HWY_INLINE hn::Vec<D> rounded(hn::Vec<D> quotient) const {
    auto open = no_lanes(d_);
    const auto draws = hn::Zero(DrawLanes<D>());
    const auto scale = kernel_.round(hn::Min(quotient, hn::Set(d_, T(kLargestScale))), draws, open);
    return hn::Max(scale, hn::Set(d_, T(kLeastScale)));
  }

  D d_;
  AddingKernel<RoundingMode::kNearestEven, D> kernel_;
  hn::Vec<D> inverse_;
};

template <typename T>
void scales(const Nvfp4Plan<T>& plan, const BitsOf<T>* maxima, std::size_t count, T* scales) {
  const ScaleFinder<T> find(plan);
  const hn::ScalableTag<T> d;
  const hn::ScalableTag<BitsOf<T>> du;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(find(hn::LoadU(du, maxima + i)), d, scales + i);
  HWY_ALIGN BitsOf<T> rest[hn::MaxLanes(decltype(d)())] = {};
  HWY_ALIGN T found[hn::MaxLanes(decltype(d)())];
  std::copy(maxima + i, maxima + count, rest);
  hn::Store(find(hn::Load(du, rest)), d, found);
  std::copy_n(found, count - i, scales + i);
}

// The scale s = high + low; code n has the value n high + n low, where the second product is exact.
template <RoundingMode mode, class D>
class Nvfp4Rounding {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  using Draws = hn::Vec<DrawLanes<D>>;

  explicit Nvfp4Rounding(const Nvfp4Plan<T>& plan) : plan_(plan), kernel_(plan.element), tensor_(hn::Set(d_, static_cast<T>(plan.tensor_scale))) {}

  struct Scale {
    V block, high, low, inverse;
  };
  HWY_INLINE Scale broadcast(const T* scales, std::size_t i) const { return times(hn::Set(d_, scales[i])); }
  HWY_INLINE Scale load(const T* scales, std::size_t i) const { return times(hn::LoadU(d_, scales + i)); }

  HWY_INLINE V round(V x, const Scale& scale, Draws draws, std::size_t) {
    const V quotient = hn::Mul(x, scale.inverse);
    auto open = no_lanes(d_);
    const V code = certain(quotient, draws, open);
    if (HWY_UNLIKELY(!hn::AllFalse(d_, open))) return scalar(x, scale, draws);
    return hn::CopySign(hn::MulAdd(code, scale.high, hn::Mul(code, scale.low)), x);
  }
  bool is_certain() const { return true; }

 private:
  static constexpr bool is_nearest_mode =
      mode == RoundingMode::kNearestEven || mode == RoundingMode::kNearestAway || mode == RoundingMode::kNearestZero;

  HWY_INLINE Scale times(V block) const {
    const V high = hn::Mul(block, tensor_);
    return {block, high, hn::MulSub(block, tensor_, high), inverse(high)};
  }
  HWY_INLINE V inverse(V x) const {
    if constexpr (sizeof(T) == 4) {
      const V estimate = hn::ApproximateReciprocal(x);
      return hn::Mul(estimate, hn::NegMulAdd(estimate, x, hn::Set(d_, T{2})));
    } else {
      return hn::Div(hn::Set(d_, T{1}), x);
    }
  }
  HWY_INLINE V limited(V quotient) const {
    return hn::Min(hn::Max(quotient, hn::Set(d_, T(-kLargestElement))), hn::Set(d_, T(kLargestElement)));
  }

  // To nearest: open where the quotient is about half a unit from the code. A quotient of 2^e (1 + f) has the unit 2^(max(e, 0) - 1).
  HWY_INLINE V certain(V quotient, Draws draws, hn::Mask<D>& open) const {
    if constexpr (is_nearest_mode) {
      const V x = limited(quotient);
      const V code = kernel_.round(x, draws, open);
      const hn::RebindToUnsigned<D> du;
      const V binade = hn::Max(hn::And(x, hn::BitCast(d_, hn::Set(du, KernelTypes<D>::kExponentField))), hn::Set(d_, T{1}));
      const V distance = hn::Abs(hn::Sub(x, code));
      open = hn::Gt(distance, hn::Mul(binade, hn::Set(d_, T(0.25 - 0x1p-18))));
      return code;
    } else {
      const V less = kernel_.round(limited(hn::Mul(quotient, hn::Set(d_, kLess<T>))), draws, open);
      const V more = kernel_.round(limited(hn::Mul(quotient, hn::Set(d_, kMore<T>))), draws, open);
      open = hn::Or(open, hn::Ne(less, more));
      return less;
    }
  }

  HWY_NOINLINE V scalar(V x, const Scale& scale, Draws draws) const {
    HWY_ALIGN T blocks[hn::MaxLanes(D())];
    hn::Store(scale.block, d_, blocks);
    return round_lanes(d_, x, draws, [&](std::size_t lane, double value, std::uint32_t draw) {
      return round_to(element_of(*plan_.format, {plan_.tensor_scale * static_cast<double>(blocks[lane]), 0}), value, draw);
    });
  }

  D d_;
  const Nvfp4Plan<T>& plan_;
  AddingKernel<mode, D> kernel_;
  V tensor_;
};

template <typename T>
bool blocks(const Nvfp4Plan<T>& plan, const GroupJob<T>& job, const T* scales) {
  using D = hn::ScalableTag<T>;
  return with_mode(plan.format->rounding, [&]<RoundingMode mode>() {
    Nvfp4Rounding<mode, D> rounding(plan);
    return round_groups<mode == RoundingMode::kStochastic, D>(job, rounding, scales);
  });
}

#else

// Without fused instructions all is left to the scalar path.
template <typename T>
void scales(const Nvfp4Plan<T>&, const BitsOf<T>*, std::size_t count, T* scales) {
  std::fill_n(scales, count, T{0});
}

template <typename T>
bool blocks(const Nvfp4Plan<T>&, const GroupJob<T>&, const T*) {
  return false;
}

#endif

void scales_floats(const Nvfp4Plan<float>& plan, const std::uint32_t* maxima, std::size_t count, float* out) { scales(plan, maxima, count, out); }
void scales_doubles(const Nvfp4Plan<double>& plan, const std::uint64_t* maxima, std::size_t count, double* out) { scales(plan, maxima, count, out); }
bool blocks_floats(const Nvfp4Plan<float>& plan, const GroupJob<float>& job, const float* scales) { return blocks(plan, job, scales); }
bool blocks_doubles(const Nvfp4Plan<double>& plan, const GroupJob<double>& job, const double* scales) { return blocks(plan, job, scales); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(scales_floats);
HWY_EXPORT(scales_doubles);
HWY_EXPORT(blocks_floats);
HWY_EXPORT(blocks_doubles);

void find_nvfp4_scales(const Nvfp4Plan<float>& plan, const std::uint32_t* maxima, std::size_t count, float* scales) {
  HWY_DYNAMIC_DISPATCH(scales_floats)(plan, maxima, count, scales);
}
void find_nvfp4_scales(const Nvfp4Plan<double>& plan, const std::uint64_t* maxima, std::size_t count, double* scales) {
  HWY_DYNAMIC_DISPATCH(scales_doubles)(plan, maxima, count, scales);
}
bool round_nvfp4(const Nvfp4Plan<float>& plan, const GroupJob<float>& job, const float* scales) {
  return HWY_DYNAMIC_DISPATCH(blocks_floats)(plan, job, scales);
}
bool round_nvfp4(const Nvfp4Plan<double>& plan, const GroupJob<double>& job, const double* scales) {
  return HWY_DYNAMIC_DISPATCH(blocks_doubles)(plan, job, scales);
}

}  // namespace halfulp::kernels
#endif
