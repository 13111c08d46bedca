// Random words of many streams of consecutive elements, side by side.
#include <array>

#include "ars.hpp"
#include "gemm_panel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gemm_draws.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ars-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

void fill_strided(const StridedDraws& job) {
  for (std::size_t j = 0; j < job.count; ++j) {
    const ArsBlock block = ars_block_portable(job.seed, job.stream, (job.first + j * job.stride) / kArsWords);
    for (std::size_t t = 0; t < kArsWords; ++t) job.out[t * job.pitch + j] = block[t];
  }
}

#else

// Encrypts blocks of any numbers, one in each 128 bits.
class BlockCipher {
 public:
  using D64 = hn::Repartition<std::uint64_t, WideBytes>;
  using V = hn::Vec<D64>;

  explicit BlockCipher(std::uint64_t seed) {
    const V step = low_high(kArsStepLow, kArsStepHigh);
    key_[0] = low_high(seed, 0);
    for (int round = 1; round <= kArsRounds; ++round) key_[round] = hn::Add(key_[round - 1], step);
  }
  static HWY_INLINE V low_high(std::uint64_t low, std::uint64_t high) {
    return hn::OddEven(hn::Set(D64(), high), hn::Set(D64(), low));
  }
  HWY_INLINE V operator()(V block) const {
    const WideBytes d8;
    auto state = hn::BitCast(d8, hn::Xor(block, key_[0]));
    for (int round = 1; round < kArsRounds; ++round) state = hn::AESRound(state, hn::BitCast(d8, key_[round]));
    return hn::BitCast(D64(), hn::AESLastRound(state, hn::BitCast(d8, key_[kArsRounds])));
  }

 private:
  V key_[kArsRounds + 1];
};

// The vectors 0 .. 3 hold the elements 4 b + 0 .. 3 in their 128-bit parts b; a transposition of 4 x 4 words puts them in order.
void fill_strided(const StridedDraws& job) {
  using D64 = BlockCipher::D64;
  const D64 d64;
  const hn::Repartition<std::uint32_t, D64> d32;
  const BlockCipher cipher(job.seed);
  const std::size_t elements = hn::Lanes(d32);
  const std::uint64_t step = job.stride / kArsWords;
  HWY_ALIGN std::uint64_t number[hn::MaxLanes(D64())];
  for (std::size_t i = 0; i < hn::Lanes(d64); i += 2) {
    number[i] = job.first / kArsWords + i / 2 * 4 * step;
    number[i + 1] = job.stream;
  }
  auto block = hn::Load(d64, number);
  const auto next = BlockCipher::low_high(step, 0), next_group = BlockCipher::low_high(step * elements, 0);
  for (std::size_t j = 0; j < job.count; j += elements, block = hn::Add(block, next_group)) {
    const auto second = hn::Add(block, next), third = hn::Add(second, next), fourth = hn::Add(third, next);
    const auto a = hn::BitCast(d32, cipher(block)), b = hn::BitCast(d32, cipher(second));
    const auto c = hn::BitCast(d32, cipher(third)), e = hn::BitCast(d32, cipher(fourth));
    const auto ab_low = hn::BitCast(d64, hn::InterleaveLower(d32, a, b)), ab_high = hn::BitCast(d64, hn::InterleaveUpper(d32, a, b));
    const auto ce_low = hn::BitCast(d64, hn::InterleaveLower(d32, c, e)), ce_high = hn::BitCast(d64, hn::InterleaveUpper(d32, c, e));
    std::uint32_t* out = job.out + j;
    hn::StoreU(hn::BitCast(d32, hn::InterleaveLower(d64, ab_low, ce_low)), d32, out);
    hn::StoreU(hn::BitCast(d32, hn::InterleaveUpper(d64, ab_low, ce_low)), d32, out + job.pitch);
    hn::StoreU(hn::BitCast(d32, hn::InterleaveLower(d64, ab_high, ce_high)), d32, out + 2 * job.pitch);
    hn::StoreU(hn::BitCast(d32, hn::InterleaveUpper(d64, ab_high, ce_high)), d32, out + 3 * job.pitch);
  }
}

#endif

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(fill_strided);

void fill_strided_draws(const StridedDraws& job) { HWY_DYNAMIC_DISPATCH(fill_strided)(job); }

}  // namespace halfulp::kernels
#endif
