// Philox-4x32-10 (Salmon et al., SC 2011): element i of a stream is word i mod 4 of block floor(i /
// 4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace halfulp {

inline constexpr std::size_t kPhiloxWords = 4;
using PhiloxBlock = std::array<std::uint32_t, kPhiloxWords>;

PhiloxBlock philox_block(std::uint64_t seed, std::uint64_t stream, std::uint64_t block);

}  // namespace halfulp
