#include "gemm_tile.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gemm_tile.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename T>
using VectorOf = hn::Vec<hn::ScalableTag<T>>;

#if HWY_TARGET <= HWY_AVX3
constexpr std::size_t kRows = 6;
#else
constexpr std::size_t kRows = 4;
#endif
constexpr std::size_t kVectors = 2;

template <TileRounding rounding, typename T>
class Step {
 public:
  using D = hn::ScalableTag<T>;
  using V = hn::Vec<D>;

  explicit Step(const TileStep<T>& step)
      : factor_(hn::Set(d_, step.factor)), floor_(hn::Set(d_, step.floor)), magic_(hn::Set(d_, step.magic)),
        low_(hn::Set(d_, step.low)), high_(hn::Set(d_, step.high)) {}

  // The rounded product.
  HWY_INLINE V product(V a, V b) const {
    if constexpr (rounding == TileRounding::kFloat) {
      const V x = hn::Mul(a, b);
      return round_in(hn::Max(binade(x), floor_), x);
    } else {
      return hn::Min(hn::Max(hn::Sub(hn::MulAdd(a, b, magic_), magic_), low_), high_);
    }
  }
  // Sums are kept as they are carried: fixed point with M added.
  HWY_INLINE V enter(V x) const { return rounding == TileRounding::kFixed ? hn::Add(x, magic_) : x; }
  HWY_INLINE V leave(V sum) const { return rounding == TileRounding::kFixed ? hn::Sub(sum, magic_) : sum; }
  HWY_INLINE V add(V sum, V x) const { return finish(hn::Add(sum, x)); }
  HWY_INLINE V add_product(V sum, V a, V b) const { return finish(hn::MulAdd(a, b, sum)); }

 private:
  HWY_INLINE V finish(V sum) const {
    if constexpr (rounding == TileRounding::kExact) {
      return sum;
    } else if constexpr (rounding == TileRounding::kFixed) {
      return hn::Min(hn::Max(sum, hn::Add(low_, magic_)), hn::Add(high_, magic_));
    } else if constexpr (rounding == TileRounding::kFloat) {
      return round_in(hn::Max(binade(sum), floor_), sum);
    } else {
      return round_in(binade(sum), sum);
    }
  }
  HWY_INLINE V round_in(V binade_of_x, V x) const {
    return hn::NegMulAdd(binade_of_x, factor_, hn::MulAdd(binade_of_x, factor_, x));
  }
  HWY_INLINE V binade(V x) const {
    return hn::And(x, hn::Inf(d_));  // whose bit pattern is the exponent field
  }

  D d_;
  V factor_, floor_, magic_, low_, high_;
};

// Accumulates terms first .. last - 1 of the tile.
template <TileRounding product_rounding, typename T, class Product, class Sum>
HWY_INLINE void accumulate(const TileJob<T>& job, const Product& product, const Sum& sum, std::size_t first, std::size_t last,
                           VectorOf<T> (&carried)[kRows][kVectors]) {
  const hn::ScalableTag<T> d;
  using V = VectorOf<T>;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t k = first; k < last; ++k) {
    const T* a = job.a + k * kRows;
    const T* b = job.b + k * kVectors * lanes;
    V right[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) right[v] = hn::LoadU(d, b + v * lanes);
    for (std::size_t i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, a[i]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        if constexpr (product_rounding == TileRounding::kExact) {
          carried[i][v] = sum.add_product(carried[i][v], left, right[v]);
        } else {
          carried[i][v] = sum.add(carried[i][v], product.product(left, right[v]));
        }
      }
    }
  }
}

template <TileRounding product_rounding, TileRounding sum_rounding, typename T>
void run(const TileJob<T>& job) {
  const hn::ScalableTag<T> d;
  using V = VectorOf<T>;
  const std::size_t lanes = hn::Lanes(d);
  const Step<product_rounding, T> product(job.product);
  const Step<sum_rounding, T> sum(job.sum);
  V total[kRows][kVectors];
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t v = 0; v < kVectors; ++v) total[i][v] = sum.enter(hn::LoadU(d, job.start + (i * kVectors + v) * lanes));
  }
  if (job.block == 0) {
    accumulate<product_rounding>(job, product, sum, 0, job.depth, total);
  } else {
    for (std::size_t k = 0; k < job.depth; k += job.block) {
      V partial[kRows][kVectors];
      for (auto& row : partial) {
        for (V& x : row) x = sum.enter(hn::Zero(d));
      }
      accumulate<product_rounding>(job, product, sum, k, std::min(job.depth, k + job.block), partial);
      for (std::size_t i = 0; i < kRows; ++i) {
        for (std::size_t v = 0; v < kVectors; ++v) total[i][v] = sum.add(total[i][v], sum.leave(partial[i][v]));
      }
    }
  }
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sum.leave(total[i][v]), d, job.c + (i * kVectors + v) * lanes);
  }
}

template <TileRounding product_rounding, typename T>
void run_sums(const TileJob<T>& job) {
  switch (job.sum.rounding) {
    case TileRounding::kExact: return run<TileRounding::kExact, TileRounding::kExact>(job);
    case TileRounding::kFloat: return run<product_rounding, TileRounding::kFloat>(job);
    case TileRounding::kNormalFloat: return run<product_rounding, TileRounding::kNormalFloat>(job);
    case TileRounding::kFixed: return run<product_rounding, TileRounding::kFixed>(job);
  }
}

template <typename T>
void run_any(const TileJob<T>& job) {
  switch (job.product.rounding) {
    case TileRounding::kExact: return run_sums<TileRounding::kExact>(job);
    case TileRounding::kFixed: return run_sums<TileRounding::kFixed>(job);
    case TileRounding::kFloat:
    case TileRounding::kNormalFloat: return run_sums<TileRounding::kFloat>(job);
  }
}

void run_floats(const TileJob<float>& job) { run_any(job); }
void run_doubles(const TileJob<double>& job) { run_any(job); }

// Without fused instructions a b + c is two roundings, and there is no tile.
template <typename T>
TileShape shape() {
#if HWY_TARGET <= HWY_AVX2
  return {kRows, kVectors * hn::Lanes(hn::ScalableTag<T>())};
#else
  return {0, 0};
#endif
}

TileShape shape_of_floats() { return shape<float>(); }
TileShape shape_of_doubles() { return shape<double>(); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(shape_of_floats);
HWY_EXPORT(shape_of_doubles);
HWY_EXPORT(run_floats);
HWY_EXPORT(run_doubles);

template <>
TileShape tile_shape<float>() {
  return HWY_DYNAMIC_DISPATCH(shape_of_floats)();
}
template <>
TileShape tile_shape<double>() {
  return HWY_DYNAMIC_DISPATCH(shape_of_doubles)();
}

void run_tile(const TileJob<float>& job) { HWY_DYNAMIC_DISPATCH(run_floats)(job); }
void run_tile(const TileJob<double>& job) { HWY_DYNAMIC_DISPATCH(run_doubles)(job); }

}  // namespace halfulp::kernels
#endif
