// 2^(j/2^bits) to 2^-120, for the boundaries of logarithmic numbers.
#pragma once

#include <cstdint>

namespace halfulp {

// In units of 2^-127, below the exact value by less than kPowerSlack units; 0 <= j < 2^bits, bits
// <= 32.
unsigned __int128 power_of_two_fraction(std::uint64_t j, int bits);
inline constexpr int kPowerSlack = 256;

}  // namespace halfulp
