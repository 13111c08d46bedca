// Philox-4x32-10 (Salmon et al., SC 2011): element i of a stream is word i mod 4 of block floor(i /
// 4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace halfulp {

inline constexpr std::size_t kPhiloxWords = 4;
using PhiloxBlock = std::array<std::uint32_t, kPhiloxWords>;

inline constexpr int kPhiloxRounds = 10;
inline constexpr std::uint32_t kPhiloxMultiplier0 = 0xD2511F53, kPhiloxMultiplier1 = 0xCD9E8D57;
inline constexpr std::uint32_t kPhiloxWeyl0 = 0x9E3779B9, kPhiloxWeyl1 = 0xBB67AE85;

PhiloxBlock philox_block(std::uint64_t seed, std::uint64_t stream, std::uint64_t block);

}  // namespace halfulp
