#include "draws.hpp"

#include <algorithm>

#include "../philox.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/draws.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

void fill(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count) {
  for (std::size_t i = 0; i < count; i += kPhiloxWords) {
    const PhiloxBlock words = philox_block(seed, stream, (first + i) / kPhiloxWords);
    std::copy(words.begin(), words.end(), out + i);
  }
}

#else

// Philox blocks side by side, each word in the low half of a 64-bit lane: the widening product of one round leaves its low word
// there for the next and its high word one shift away. High halves hold rubbish until the end.
template <class D>
class PhiloxLanes {
 public:
  using V = hn::Vec<D>;

  PhiloxLanes(std::uint64_t seed, std::uint64_t stream)
      : key0_(static_cast<std::uint32_t>(seed)), key1_(static_cast<std::uint32_t>(seed >> 32)),
        stream_low_(hn::Set(d_, stream & 0xFFFFFFFFu)), stream_high_(hn::Set(d_, stream >> 32)) {
    // Lane 2 j + h holds block h N/2 + j, so that interleaving in 128-bit blocks ends in index order.
    HWY_ALIGN std::uint64_t offset[hn::MaxLanes(D())];
    const std::size_t lanes = hn::Lanes(d_);
    for (std::size_t i = 0; i < lanes; ++i) offset[i] = i % 2 * (lanes / 2) + i / 2;
    offset_ = hn::Load(d_, offset);
  }

  // The 4 N words of blocks first .. first + N - 1, first a multiple of N.
  HWY_INLINE void store(std::uint64_t first, std::uint32_t* out) const {
    V word0 = hn::Add(offset_, hn::Set(d_, first & 0xFFFFFFFFu)), word1 = hn::Set(d_, first >> 32);
    V word2 = stream_low_, word3 = stream_high_;
    std::uint32_t key0 = key0_, key1 = key1_;
    for (int round = 0; round < kPhiloxRounds; ++round) {
      const V product0 = times(word0, kPhiloxMultiplier0), product1 = times(word2, kPhiloxMultiplier1);
      word0 = hn::Xor3(hn::ShiftRight<32>(product1), word1, hn::Set(d_, key0));
      word1 = product1;
      word2 = hn::Xor3(hn::ShiftRight<32>(product0), word3, hn::Set(d_, key1));
      word3 = product0;
      key0 += kPhiloxWeyl0;
      key1 += kPhiloxWeyl1;
    }
    const V low = joined(word0, word1), high = joined(word2, word3);
    const hn::Repartition<std::uint32_t, D> d32;
    hn::StoreU(hn::BitCast(d32, hn::InterleaveLower(d_, low, high)), d32, out);
    hn::StoreU(hn::BitCast(d32, hn::InterleaveUpper(d_, low, high)), d32, out + hn::Lanes(d32));
  }

 private:
  HWY_INLINE V times(V word, std::uint32_t multiplier) const {
    const hn::Repartition<std::uint32_t, D> d32;
    return hn::MulEven(hn::BitCast(d32, word), hn::BitCast(d32, hn::Set(d_, multiplier)));
  }

  HWY_INLINE V joined(V first, V second) const {
    const hn::Repartition<std::uint32_t, D> d32;
    return hn::BitCast(d_, hn::OddEven(hn::BitCast(d32, hn::ShiftLeft<32>(second)), hn::BitCast(d32, first)));
  }

  D d_;
  std::uint32_t key0_, key1_;
  V stream_low_, stream_high_, offset_;
};

void fill(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count) {
  using D = hn::ScalableTag<std::uint64_t>;
  const PhiloxLanes<D> philox(seed, stream);
  const std::size_t words = kPhiloxWords * hn::Lanes(D());
  for (std::size_t i = 0; i < count; i += words) philox.store((first + i) / kPhiloxWords, out + i);
}

#endif

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(fill);

void fill_draws(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(fill)(seed, stream, first, out, count);
}

}  // namespace halfulp::kernels
#endif
