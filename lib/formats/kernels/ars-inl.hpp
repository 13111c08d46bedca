// ARS (ars.hpp) on vectors; compiled once a target. Without vectors there is nothing here.
#if defined(HALFULP_KERNELS_ARS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_ARS_INL_HPP
#undef HALFULP_KERNELS_ARS_INL_HPP
#else
#define HALFULP_KERNELS_ARS_INL_HPP
#endif

#include <hwy/highway.h>

#include "ars.hpp"

#if HWY_TARGET != HWY_SCALAR
HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// AES on vectors of more than 128 bits needs VAES.
#if HWY_TARGET <= HWY_AVX3_DL
using WideBytes = hn::ScalableTag<std::uint8_t>;
#else
using WideBytes = hn::FixedTag<std::uint8_t, 16>;
#endif

// A block in each 128 bits of a vector of bytes.
template <class D8>
class ArsLanes {
 public:
  using D = hn::Repartition<std::uint64_t, D8>;
  using V = hn::Vec<D>;

  ArsLanes(std::uint64_t seed, std::uint64_t stream) {
    HWY_ALIGN std::uint64_t number[hn::MaxLanes(D())], low[hn::MaxLanes(D())], step[hn::MaxLanes(D())];
    for (std::size_t i = 0; i < hn::Lanes(d_); i += 2) {
      number[i] = i / 2;
      number[i + 1] = stream;
      low[i] = seed;
      low[i + 1] = 0;
      step[i] = kArsStepLow;
      step[i + 1] = kArsStepHigh;
    }
    counter_ = hn::Load(d_, number);
    key_[0] = hn::Load(d_, low);
    for (int round = 1; round <= kArsRounds; ++round) key_[round] = hn::Add(key_[round - 1], hn::Load(d_, step));
  }

  // Blocks first, first + 1, ...
  HWY_INLINE hn::Vec<D8> blocks(std::uint64_t first) const {
    const D8 d8;
    const V blocks = hn::Add(counter_, hn::OddEven(hn::Zero(d_), hn::Set(d_, first)));
    auto state = hn::BitCast(d8, hn::Xor(blocks, key_[0]));
    for (int round = 1; round < kArsRounds; ++round) state = hn::AESRound(state, hn::BitCast(d8, key_[round]));
    return hn::AESLastRound(state, hn::BitCast(d8, key_[kArsRounds]));
  }

 private:
  D d_;
  V counter_, key_[kArsRounds + 1];
};

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#endif
