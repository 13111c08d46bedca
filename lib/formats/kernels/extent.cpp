#include "group.hpp"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/extent.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "lanes-inl.hpp"
#include "stream-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Parts read side by side: memory serves several streams faster than one.
constexpr std::size_t kAtOnce = 4;

template <typename T>
Extent<T> extent(std::span<const T> values) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  if (values.empty()) return {};
  const std::size_t lanes = hn::Lanes(d), part = values.size() / (kAtOnce * lanes) * lanes;
  const V first = hn::Set(d, values[0]);
  V lowest[kAtOnce] = {first, first, first, first}, largest[kAtOnce] = {first, first, first, first};
  V special[kAtOnce] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
  const auto take = [&](V x, std::size_t k) HWY_ATTR {
    lowest[k] = hn::Min(x, lowest[k]);
    largest[k] = hn::Max(x, largest[k]);
    special[k] = hn::MulAdd(x, hn::Zero(d), special[k]);
  };
  for (std::size_t i = 0; i < part; i += lanes) {
    for (std::size_t k = 0; k < kAtOnce; ++k) take(hn::LoadU(d, values.data() + k * part + i), k);
  }
  std::size_t i = kAtOnce * part;
  for (; i + lanes <= values.size(); i += lanes) take(hn::LoadU(d, values.data() + i), 0);
  HWY_ALIGN T rest[hn::MaxLanes(decltype(d)())];
  std::fill_n(rest, lanes, values[0]);
  std::copy(values.begin() + static_cast<std::ptrdiff_t>(i), values.end(), rest);
  take(hn::Load(d, rest), 0);
  const V low = hn::Min(hn::Min(lowest[0], lowest[1]), hn::Min(lowest[2], lowest[3]));
  const V high = hn::Max(hn::Max(largest[0], largest[1]), hn::Max(largest[2], largest[3]));
  const V sum = hn::Add(hn::Add(special[0], special[1]), hn::Add(special[2], special[3]));
  return {hn::GetLane(hn::MinOfLanes(d, low)), hn::GetLane(hn::MaxOfLanes(d, high)), hn::AllTrue(d, hn::Eq(sum, hn::Zero(d)))};
}

template <typename T>
void widen(const T* row, std::size_t count, T* lowest, T* largest) {
  const hn::ScalableTag<T> d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, row + i);
    hn::StoreU(hn::Min(x, hn::LoadU(d, lowest + i)), d, lowest + i);
    hn::StoreU(hn::Max(x, hn::LoadU(d, largest + i)), d, largest + i);
  }
  for (; i < count; ++i) {
    if (row[i] < lowest[i]) lowest[i] = row[i];
    if (row[i] > largest[i]) largest[i] = row[i];
  }
}

// Magnitudes compare as their bit patterns do, as signed integers too.
template <class D>
HWY_INLINE hn::Vec<typename KernelTypes<D>::DI> magnitude_at(D d, const hn::TFromD<D>* x) {
  return hn::BitCast(typename KernelTypes<D>::DI(), hn::Abs(hn::LoadU(d, x)));
}

template <typename T>
BitsOf<T> magnitude_bits(T x) {
  return std::bit_cast<BitsOf<T>>(x) & ~(BitsOf<T>{1} << (8 * sizeof(T) - 1));
}

// The last vector of a block may overlap the one before.
template <class D>
HWY_INLINE BitsOf<hn::TFromD<D>> maximum(D d, const hn::TFromD<D>* block, std::size_t count) {
  const typename KernelTypes<D>::DI di;
  const std::size_t lanes = hn::Lanes(d);
  auto most = magnitude_at(d, block);
  for (std::size_t i = lanes; i + lanes <= count; i += lanes) most = hn::Max(most, magnitude_at(d, block + i));
  if (count % lanes != 0) most = hn::Max(most, magnitude_at(d, block + count - lanes));
  return static_cast<BitsOf<hn::TFromD<D>>>(hn::GetLane(hn::MaxOfLanes(di, most)));
}

template <typename T>
void maxima(std::span<const T> values, std::size_t block, BitsOf<T>* maxima) {
  const hn::ScalableTag<T> d;
  for (std::size_t start = 0; start < values.size(); start += block) {
    const std::size_t size = std::min(block, values.size() - start);
    const T* first = values.data() + start;
    hwy::Prefetch(first + kAheadBytes / sizeof(T));
    hwy::Prefetch(first + kAheadBytes / sizeof(T) + kLineBytes / sizeof(T));
    if (size >= hn::Lanes(d)) {
      *maxima++ = maximum(d, first, size);
      continue;
    }
    BitsOf<T> most = 0;
    for (std::size_t i = 0; i < size; ++i) most = std::max(most, magnitude_bits(first[i]));
    *maxima++ = most;
  }
}

template <typename T>
void raise(const T* row, std::size_t count, BitsOf<T>* maxima) {
  const hn::ScalableTag<T> d;
  const typename KernelTypes<decltype(d)>::DI di;
  const typename KernelTypes<decltype(d)>::DU du;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto most = hn::Max(magnitude_at(d, row + i), hn::BitCast(di, hn::LoadU(du, maxima + i)));
    hn::StoreU(hn::BitCast(du, most), du, maxima + i);
  }
  for (; i < count; ++i) maxima[i] = std::max(maxima[i], magnitude_bits(row[i]));
}

Extent<float> extent_floats(std::span<const float> values) { return extent(values); }
Extent<double> extent_doubles(std::span<const double> values) { return extent(values); }
void widen_floats(const float* row, std::size_t count, float* lowest, float* largest) { widen(row, count, lowest, largest); }
void widen_doubles(const double* row, std::size_t count, double* lowest, double* largest) { widen(row, count, lowest, largest); }
void maxima_floats(std::span<const float> values, std::size_t block, std::uint32_t* out) { maxima(values, block, out); }
void maxima_doubles(std::span<const double> values, std::size_t block, std::uint64_t* out) { maxima(values, block, out); }
void raise_floats(const float* row, std::size_t count, std::uint32_t* out) { raise(row, count, out); }
void raise_doubles(const double* row, std::size_t count, std::uint64_t* out) { raise(row, count, out); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(extent_floats);
HWY_EXPORT(extent_doubles);
HWY_EXPORT(widen_floats);
HWY_EXPORT(widen_doubles);
HWY_EXPORT(maxima_floats);
HWY_EXPORT(maxima_doubles);
HWY_EXPORT(raise_floats);
HWY_EXPORT(raise_doubles);

Extent<float> find_extent(std::span<const float> values) { return HWY_DYNAMIC_DISPATCH(extent_floats)(values); }
Extent<double> find_extent(std::span<const double> values) { return HWY_DYNAMIC_DISPATCH(extent_doubles)(values); }
void widen_columns(const float* row, std::size_t count, float* lowest, float* largest) {
  HWY_DYNAMIC_DISPATCH(widen_floats)(row, count, lowest, largest);
}
void widen_columns(const double* row, std::size_t count, double* lowest, double* largest) {
  HWY_DYNAMIC_DISPATCH(widen_doubles)(row, count, lowest, largest);
}
void find_maxima(std::span<const float> values, std::size_t block, std::uint32_t* maxima) {
  HWY_DYNAMIC_DISPATCH(maxima_floats)(values, block, maxima);
}
void find_maxima(std::span<const double> values, std::size_t block, std::uint64_t* maxima) {
  HWY_DYNAMIC_DISPATCH(maxima_doubles)(values, block, maxima);
}
void raise_maxima(const float* row, std::size_t count, std::uint32_t* maxima) { HWY_DYNAMIC_DISPATCH(raise_floats)(row, count, maxima); }
void raise_maxima(const double* row, std::size_t count, std::uint64_t* maxima) { HWY_DYNAMIC_DISPATCH(raise_doubles)(row, count, maxima); }

}  // namespace halfulp::kernels
#endif
