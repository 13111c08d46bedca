#include "gemm_affine.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gemm_affine.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "gemm_odd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;

// p + e is the product; a factor of 26 bits and 27 bits each where the machine has no fused step (Dekker).
struct Product {
  V p, e;
};

HWY_INLINE V high_part(V x) {
  const V scaled = hn::Mul(x, hn::Set(D(), 134217729.0));  // 2^27 + 1
  return hn::Sub(scaled, hn::Sub(scaled, x));
}

HWY_INLINE Product product_of(V x, V y) {
  const V p = hn::Mul(x, y);
#if HWY_TARGET <= HWY_AVX2
  return {p, hn::MulSub(x, y, p)};
#else
  const V xh = high_part(x), xl = hn::Sub(x, xh), yh = high_part(y), yl = hn::Sub(y, yh);
  const V rest = hn::Sub(hn::Mul(xh, yh), p);
  return {p, hn::Add(hn::Add(hn::Add(rest, hn::Mul(xh, yl)), hn::Mul(xl, yh)), hn::Mul(xl, yl))};
#endif
}

// th + tl is p + offset; tl + e is rounded to odd before it is added, which the last rounding cannot tell (Boldo and Melquiond 2008).
HWY_INLINE V affine(V factor, V y, V offset) {
  const D d;
  const Product product = product_of(factor, y);
  const auto high = two_sum(d, product.p, offset);
  return sum_to_odd(d, high.sum, sum_to_odd(d, high.error, product.e));
}

void affine_all(double factor, const double* y, double offset, double* out, std::size_t count) {
  const D d;
  const V f = hn::Set(d, factor), b = hn::Set(d, offset);
  const std::size_t lanes = hn::Lanes(d);
  std::size_t j = 0;
  for (; j + lanes <= count; j += lanes) hn::StoreU(affine(f, hn::LoadU(d, y + j), b), d, out + j);
  if (j == count) return;
  HWY_ALIGN double rest[hn::MaxLanes(D())] = {};
  std::copy_n(y + j, count - j, rest);
  hn::Store(affine(f, hn::Load(d, rest), b), d, rest);
  std::copy_n(rest, count - j, out + j);
}

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(affine_all);

void affine_to_odd(double factor, const double* y, double offset, double* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(affine_all)(factor, y, offset, out, count);
}

}  // namespace halfulp::kernels
#endif
