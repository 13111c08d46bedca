#include "ars_wide.hpp"

#include "ars.hpp"
#include "halfulp/support/assert.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace halfulp::kernels {

bool has_wide_aes() {
  static const bool kHas = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("vaes") != 0;
  return kHas;
}

namespace {

__attribute__((target("avx2"))) inline __m256i pair(std::uint64_t low, std::uint64_t high) {
  const auto l = static_cast<long long>(low), h = static_cast<long long>(high);
  return _mm256_set_epi64x(h, l, h, l);
}

}  // namespace

// Four vectors side by side, because a round waits for the one before.
__attribute__((target("avx2,aes,vaes"))) void fill_by_wide_aes(std::uint64_t seed, std::uint64_t stream, std::uint64_t first,
                                                               std::uint32_t* out, std::size_t count) {
  constexpr std::size_t kVectors = 4, kBlocks = 2;
  __m256i key[kArsRounds + 1];
  key[0] = pair(seed, 0);
  for (int round = 1; round <= kArsRounds; ++round) key[round] = _mm256_add_epi64(key[round - 1], pair(kArsStepLow, kArsStepHigh));
  const __m256i step = pair(kVectors * kBlocks, 0);
  __m256i counter[kVectors];
  for (std::size_t k = 0; k < kVectors; ++k) {
    counter[k] = _mm256_add_epi64(pair(first / kArsWords + k * kBlocks, stream), _mm256_set_epi64x(0, 1, 0, 0));
  }
  for (std::size_t i = 0; i < count; i += kVectors * kBlocks * kArsWords) {
    __m256i state[kVectors];
    for (std::size_t k = 0; k < kVectors; ++k) {
      state[k] = _mm256_xor_si256(counter[k], key[0]);
      counter[k] = _mm256_add_epi64(counter[k], step);
    }
    for (int round = 1; round < kArsRounds; ++round) {
      for (__m256i& x : state) x = _mm256_aesenc_epi128(x, key[round]);
    }
    for (std::size_t k = 0; k < kVectors; ++k) {
      const __m256i words = _mm256_aesenclast_epi128(state[k], key[kArsRounds]);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i + k * kBlocks * kArsWords), words);
    }
  }
}

}  // namespace halfulp::kernels

#else

namespace halfulp::kernels {

bool has_wide_aes() { return false; }
void fill_by_wide_aes(std::uint64_t, std::uint64_t, std::uint64_t, std::uint32_t*, std::size_t) { HALFULP_ASSERT(false); }

}  // namespace halfulp::kernels

#endif
