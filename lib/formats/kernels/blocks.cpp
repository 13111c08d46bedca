#include "group.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/blocks.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "../kernel.hpp"
#include "adding-inl.hpp"
#include "grouping-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename T>
class ScaleFinder {
 public:
  using D = hn::ScalableTag<T>;
  using Types = KernelTypes<D>;
  using VU = typename Types::VU;
  using Signed = hn::TFromD<typename Types::DI>;

  explicit ScaleFinder(const BlockPlan<T>& plan) : plan_(plan) {}

  HWY_INLINE hn::Vec<D> operator()(VU maximum) const {
    const VU field = hn::ShiftRight<Types::kStoredBits>(maximum);
    const VU fraction = hn::And(maximum, hn::Set(du_, Types::kOneExponent - 1));
    // The exponent is the field less the bias, which is odd.
    const auto odd = hn::Eq(hn::And(field, hn::Set(du_, 1)), hn::Zero(du_));
    const VU step = hn::IfThenElse(odd, hn::Set(du_, plan_.step[1]), hn::Set(du_, plan_.step[0]));
    const auto below = hn::Lt(hn::BitCast(di_, fraction), hn::BitCast(di_, step));
    const VU exponent = hn::Add(field, hn::Sub(hn::Set(du_, static_cast<BitsOf<T>>(plan_.offset + 1)), hn::IfThenElseZero(hn::RebindMask(du_, below), hn::Set(du_, 1))));
    const auto scaled = hn::BitCast(di_, exponent);
    const auto outside = hn::Or(hn::Lt(scaled, hn::Set(di_, Signed{kBias + plan_.least_exponent})), hn::Gt(scaled, hn::Set(di_, Signed{kBias + plan_.greatest_exponent})));
    const auto special = hn::Not(hn::Lt(hn::BitCast(di_, maximum), hn::Set(di_, static_cast<Signed>(Types::kExponentField))));
    const VU scale = hn::IfThenZeroElse(hn::RebindMask(du_, hn::Or(outside, special)), hn::ShiftLeft<Types::kStoredBits>(exponent));
    return hn::IfThenElse(hn::RebindMask(d_, hn::Eq(maximum, hn::Zero(du_))), hn::Set(d_, T{1}), hn::BitCast(d_, scale));
  }

 private:
  static constexpr int kBias = sizeof(T) == 4 ? 127 : 1023;
  D d_;
  typename Types::DU du_;
  typename Types::DI di_;
  const BlockPlan<T>& plan_;
};

template <typename T>
void scales(const BlockPlan<T>& plan, const BitsOf<T>* maxima, std::size_t count, T* scales) {
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

// The adding kernel with its grid and limits times the scale.
template <RoundingMode mode, class D>
class BlockRounding {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  using Plan = BlockPlan<T>;

  explicit BlockRounding(const Plan& plan)
      : kernel_(plan.element), floor_(hn::Set(d_, plan.element.grid_floor)), low_(hn::Set(d_, plan.element.lowest)),
        high_(hn::Set(d_, plan.element.largest)), sign_(hn::Set(d_, plan.element.keeps_zero_sign ? -T{0} : T{0})), uncertain_(no_lanes(d_)) {}

  struct Scale {
    V floor, low, high;
  };
  HWY_INLINE Scale broadcast(const T* scales, std::size_t i) const { return times(hn::Set(d_, scales[i])); }
  HWY_INLINE Scale load(const T* scales, std::size_t i) const { return times(hn::LoadU(d_, scales + i)); }

  HWY_INLINE V round(V x, const Scale& scale, hn::Vec<DrawLanes<D>> draws, std::size_t) {
    const V rounded = kernel_.round_above(scale.floor, hn::Min(hn::Max(x, scale.low), scale.high), draws, uncertain_);
    return hn::OrAnd(rounded, x, sign_);
  }
  HWY_INLINE Scale times(V scale) const { return {hn::Mul(floor_, scale), hn::Mul(low_, scale), hn::Mul(high_, scale)}; }
  bool is_certain() const { return hn::AllFalse(d_, uncertain_); }

 private:
  D d_;
  AddingKernel<mode, D> kernel_;
  V floor_, low_, high_, sign_;
  hn::Mask<D> uncertain_;
};

// The scale of a block as a sum of bit patterns: what is missing from the fraction to the step carries into the exponent. Maxima
// outside [least, most] are only noted. A block of zeros passes as one of the least maximum.
template <typename T>
class QuickScale {
 public:
  using D = hn::ScalableTag<T>;
  using Types = KernelTypes<D>;
  using DI = typename Types::DI;
  using VI = hn::Vec<DI>;
  using Signed = hn::TFromD<DI>;

  explicit QuickScale(const BlockPlan<T>& plan)
      : least_(bits(plan.least_exponent - plan.offset, 0)), most_(bits(plan.greatest_exponent - plan.offset, 0) - 1),
        is_usable_(plan.least_exponent - plan.offset + kBias >= 1 && plan.greatest_exponent - plan.offset + kBias <= 2 * kBias),
        carry_(hn::Set(di_, to_step(plan, 0))), more_(hn::Set(di_, to_step(plan, 1) - to_step(plan, 0))), offset_(hn::Set(di_, bits(plan.offset - kBias, 0))),
        lowest_(hn::Set(di_, std::numeric_limits<Signed>::max())), highest_(hn::Zero(di_)) {}

  bool is_usable() const { return is_usable_; }
  HWY_INLINE hn::Vec<D> operator()(VI maximum) {
    const VI positive = hn::Max(maximum, hn::Set(di_, least_));
    highest_ = hn::Max(highest_, maximum);
    lowest_ = hn::Min(lowest_, hn::IfThenElse(hn::Eq(maximum, hn::Zero(di_)), positive, maximum));
    // Fields of odd exponents are even.
    const VI odd = hn::ShiftRight<8 * sizeof(T) - 1>(hn::ShiftLeft<8 * sizeof(T) - 1 - Types::kStoredBits>(positive));
    const VI carried = hn::Add(hn::Add(positive, carry_), hn::AndNot(odd, more_));
    const VI field = hn::And(carried, hn::Set(di_, static_cast<Signed>(Types::kExponentField)));
    return hn::BitCast(D(), hn::Add(field, offset_));
  }
  bool is_certain() const {
    return hn::AllTrue(di_, hn::Not(hn::Lt(lowest_, hn::Set(di_, least_)))) && hn::AllTrue(di_, hn::Not(hn::Gt(highest_, hn::Set(di_, most_))));
  }

 private:
  static constexpr int kBias = sizeof(T) == 4 ? 127 : 1023;
  static constexpr Signed bits(int exponent, Signed fraction) { return (Signed{exponent} + kBias) * (Signed{1} << Types::kStoredBits) + fraction; }
  static Signed to_step(const BlockPlan<T>& plan, int parity) { return static_cast<Signed>(Types::kOneExponent - plan.step[parity]); }

  DI di_;
  Signed least_, most_;
  bool is_usable_;
  VI carry_, more_, offset_, lowest_, highest_;
};

template <std::size_t kVectors, class D, typename T>
bool small_blocks(const BlockPlan<T>& plan, const GroupJob<T>& job) {
  const D d;
  const typename KernelTypes<D>::DI di;
  const std::size_t lanes = hn::Lanes(d), count = job.count;
  const auto no_draws = hn::Zero(DrawLanes<D>());
  QuickScale<T> scale_of(plan);
  if (!scale_of.is_usable()) return false;
  BlockRounding<RoundingMode::kNearestEven, D> rounding(plan);
  with_store<D>(job, [&](const auto& store) HWY_ATTR {
    QuickScale<T> quick = scale_of;
    auto round = rounding;
    const T* in = job.in;
    for (std::size_t i = 0; i < count; i += kVectors * lanes) {
      hn::Vec<D> x[kVectors];
      for (std::size_t k = 0; k < kVectors; ++k) {
        hwy::Prefetch(in + i + k * lanes + kAheadBytes / sizeof(T));
        x[k] = hn::LoadU(d, in + i + k * lanes);
      }
      auto most = hn::BitCast(di, hn::Abs(x[0]));
      for (std::size_t k = 1; k < kVectors; ++k) most = hn::Max(most, hn::BitCast(di, hn::Abs(x[k])));
      const auto scale = round.times(quick(hn::MaxOfLanes(di, most)));
      for (std::size_t k = 0; k < kVectors; ++k) store(round.round(x[k], scale, no_draws, 0), i + k * lanes);
    }
    scale_of = quick;
    rounding = round;
  });
  return scale_of.is_certain() && rounding.is_certain();
}

// Nearest even only: the other modes take the scales in a step before.
template <typename T>
bool small(const BlockPlan<T>& plan, const GroupJob<T>& job) {
  using D = hn::ScalableTag<T>;
  const std::size_t lanes = hn::Lanes(D());
  if (plan.element.mode != RoundingMode::kNearestEven || job.block % lanes != 0 || job.count % job.block != 0) return false;
  switch (job.block / lanes) {
    case 1: return small_blocks<1, D>(plan, job);
    case 2: return small_blocks<2, D>(plan, job);
    case 4: return small_blocks<4, D>(plan, job);
    default: return false;
  }
}

template <typename T>
bool blocks(const BlockPlan<T>& plan, const GroupJob<T>& job, const T* scales) {
  using D = hn::ScalableTag<T>;
  return with_mode(plan.element.mode, [&]<RoundingMode mode>() {
    BlockRounding<mode, D> rounding(plan);
    return round_groups<mode == RoundingMode::kStochastic, D>(job, rounding, scales);
  });
}

bool small_floats(const BlockPlan<float>& plan, const GroupJob<float>& job) { return small(plan, job); }
bool small_doubles(const BlockPlan<double>& plan, const GroupJob<double>& job) { return small(plan, job); }
void scales_floats(const BlockPlan<float>& plan, const std::uint32_t* maxima, std::size_t count, float* out) { scales(plan, maxima, count, out); }
void scales_doubles(const BlockPlan<double>& plan, const std::uint64_t* maxima, std::size_t count, double* out) { scales(plan, maxima, count, out); }
bool blocks_floats(const BlockPlan<float>& plan, const GroupJob<float>& job, const float* scales) { return blocks(plan, job, scales); }
bool blocks_doubles(const BlockPlan<double>& plan, const GroupJob<double>& job, const double* scales) { return blocks(plan, job, scales); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(small_floats);
HWY_EXPORT(small_doubles);
HWY_EXPORT(scales_floats);
HWY_EXPORT(scales_doubles);
HWY_EXPORT(blocks_floats);
HWY_EXPORT(blocks_doubles);

void find_block_scales(const BlockPlan<float>& plan, const std::uint32_t* maxima, std::size_t count, float* scales) {
  HWY_DYNAMIC_DISPATCH(scales_floats)(plan, maxima, count, scales);
}
void find_block_scales(const BlockPlan<double>& plan, const std::uint64_t* maxima, std::size_t count, double* scales) {
  HWY_DYNAMIC_DISPATCH(scales_doubles)(plan, maxima, count, scales);
}
bool round_small_blocks(const BlockPlan<float>& plan, const GroupJob<float>& job) { return HWY_DYNAMIC_DISPATCH(small_floats)(plan, job); }
bool round_small_blocks(const BlockPlan<double>& plan, const GroupJob<double>& job) { return HWY_DYNAMIC_DISPATCH(small_doubles)(plan, job); }
bool round_blocks(const BlockPlan<float>& plan, const GroupJob<float>& job, const float* scales) {
  return HWY_DYNAMIC_DISPATCH(blocks_floats)(plan, job, scales);
}
bool round_blocks(const BlockPlan<double>& plan, const GroupJob<double>& job, const double* scales) {
  return HWY_DYNAMIC_DISPATCH(blocks_doubles)(plan, job, scales);
}

}  // namespace halfulp::kernels
#endif
