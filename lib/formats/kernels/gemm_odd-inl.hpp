// Sums of doubles rounded to odd; compiled once a target.
#if defined(HALFULP_KERNELS_GEMM_ODD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_GEMM_ODD_INL_HPP
#undef HALFULP_KERNELS_GEMM_ODD_INL_HPP
#else
#define HALFULP_KERNELS_GEMM_ODD_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The neighbour with an odd last bit of the exact sum + error, for `sum` the double nearest to it.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V to_odd(D d, V sum, V error) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, sum), one = hn::Set(di, 1);
  const auto is_even = hn::Eq(hn::And(bits, one), hn::Zero(di));
  const auto is_inexact = hn::Or(hn::Lt(error, hn::Zero(d)), hn::Gt(error, hn::Zero(d)));  // neither for NaN
  const auto outward = hn::Or(hn::BroadcastSignBit(hn::Xor(bits, hn::BitCast(di, error))), one);
  const auto moves = hn::And(hn::RebindMask(di, is_inexact), is_even);
  return hn::BitCast(d, hn::Add(bits, hn::IfThenElseZero(moves, outward)));
}

template <class D, class V = hn::Vec<D>>
struct SumAndError {
  V sum, error;
};

// Knuth's TwoSum; a zero is +0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE SumAndError<D> two_sum(D d, V x, V y) {
  const V sum = hn::Add(hn::Add(x, y), hn::Zero(d));
  const V y_part = hn::Sub(sum, x);
  return {sum, hn::Add(hn::Sub(x, hn::Sub(sum, y_part)), hn::Sub(y, y_part))};
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V sum_to_odd(D d, V x, V y) {
  const auto both = two_sum(d, x, y);
  return to_odd(d, both.sum, both.error);
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
