#include "gemm_examine.hpp"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gemm_examine.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;

class Examination {
 public:
  Examination() : least_(hn::Inf(d_)), last_(least_), greatest_(hn::Zero(d_)), not_finite_(greatest_), apart_(greatest_) {}

  // The lowest set bit of a significand, as a number: x minus x without it, or x where that is the leading bit.
  HWY_INLINE void see(V x) {
    const auto zero = hn::Eq(x, hn::Zero(d_));
    const V magnitude = hn::Abs(x);
    const auto bits = hn::BitCast(du_, magnitude), one = hn::Set(du_, 1);
    const auto is_power = hn::RebindMask(d_, hn::Eq(hn::And(bits, hn::Set(du_, kFraction)), hn::Zero(du_)));
    const V without = hn::BitCast(d_, hn::And(bits, hn::Sub(bits, one)));
    const V last = hn::IfThenElse(is_power, magnitude, hn::Sub(magnitude, without));
    const V none = hn::Inf(d_);
    least_ = hn::Min(least_, hn::IfThenElse(zero, none, magnitude));
    last_ = hn::Min(last_, hn::IfThenElse(zero, none, last));
    greatest_ = hn::Max(greatest_, magnitude);
    not_finite_ = hn::Add(not_finite_, hn::Sub(x, x));
    // Exponents apart, in the exponent field.
    const V apart = hn::ConvertTo(d_, hn::BitCast(di_, hn::ShiftRight<52>(hn::Sub(bits, hn::BitCast(du_, last)))));
    apart_ = hn::Max(apart_, hn::IfThenZeroElse(zero, apart));
  }

  Examined result() const {
    Examined r;
    r.is_finite = hn::AllTrue(d_, hn::Eq(not_finite_, hn::Zero(d_)));
    r.greatest = hn::GetLane(hn::MaxOfLanes(d_, greatest_));
    if (r.greatest == 0 || !r.is_finite) return r;
    r.least = hn::GetLane(hn::MinOfLanes(d_, least_));
    r.last_place = hn::GetLane(hn::MinOfLanes(d_, last_));
    r.bits = static_cast<int>(hn::GetLane(hn::MaxOfLanes(d_, apart_))) + 1;
    return r;
  }

 private:
  static constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52) - 1;
  D d_;
  hn::RebindToUnsigned<D> du_;
  hn::RebindToSigned<D> di_;
  V least_, last_, greatest_, not_finite_, apart_;
};

Examined examine(const double* x, std::size_t count) {
  const D d;
  Examination examination;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) examination.see(hn::LoadU(d, x + i));
  if (i < count) {
    HWY_ALIGN double rest[hn::MaxLanes(D())] = {};
    std::copy_n(x + i, count - i, rest);
    examination.see(hn::Load(d, rest));
  }
  return examination.result();
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(examine);

Examined examine_doubles(const double* x, std::size_t count) { return HWY_DYNAMIC_DISPATCH(examine)(x, count); }

}  // namespace halfulp::kernels
#endif
