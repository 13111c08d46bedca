#include "halfulp/formats/round.hpp"
#include "kernels/ars.hpp"

namespace halfulp {

std::uint32_t random_bits(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  return kernels::ars_block(seed, stream, index / kernels::kArsWords)[index % kernels::kArsWords];
}

}  // namespace halfulp
