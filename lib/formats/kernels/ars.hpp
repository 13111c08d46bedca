// ARS-4x32-7, counter-based random numbers from rounds of AES (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011): the counter is encrypted with few rounds, their keys an arithmetic progression. The block cipher of AES
// needs ten rounds and a proper key schedule; statistical quality does not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace halfulp::kernels {

inline constexpr std::size_t kArsWords = 4;
using ArsBlock = std::array<std::uint32_t, kArsWords>;

inline constexpr int kArsRounds = 7;
// Added to the two halves of the key before each round: golden ratio and sqrt(3) - 1 in 64 bits.
inline constexpr std::uint64_t kArsStepLow = 0x9E3779B97F4A7C15, kArsStepHigh = 0xBB67AE8584CAA73B;

// The encryption of counter block + 2^64 stream under key `seed`, by the machine's AES instructions where it has them.
ArsBlock ars_block(std::uint64_t seed, std::uint64_t stream, std::uint64_t block);
// The same in plain C++.
ArsBlock ars_block_portable(std::uint64_t seed, std::uint64_t stream, std::uint64_t block);

}  // namespace halfulp::kernels
