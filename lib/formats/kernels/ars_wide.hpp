// ARS (ars.hpp) by AES instructions on 256 bits, which some processors with AVX2 have.
#pragma once

#include <cstddef>
#include <cstdint>

namespace halfulp::kernels {

bool has_wide_aes();
// As fill_draws (draws.hpp). Requires has_wide_aes().
void fill_by_wide_aes(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count);

}  // namespace halfulp::kernels
