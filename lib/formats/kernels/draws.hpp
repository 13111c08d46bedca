// random_bits in bulk.
#pragma once

#include <cstddef>
#include <cstdint>

namespace halfulp::kernels {

// Element i of an array has the random bits of element first + i of the stream.
struct DrawKey {
  std::uint64_t seed = 0, stream = 0, first = 0;
};

// Starts and lengths in multiples of this.
inline constexpr std::size_t kDrawGroup = 32;

// out[i] = random_bits(seed, stream, first + i), i < count. Requires first and count to be multiples of kDrawGroup.
void fill_draws(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count);

// The random words of `count` elements in a buffer of count + 3 kDrawGroup words; a vector may be read beyond them. Returns the first.
const std::uint32_t* stored_draws(const DrawKey& key, std::size_t count, std::uint32_t* buffer);

}  // namespace halfulp::kernels
