#include "operand.hpp"

#include <cmath>

#include "../../formats/kernels/gemm_examine.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp::sim {

Operand examine(std::span<const double> entries) {
  const kernels::Examined seen = kernels::examine_doubles(entries.data(), entries.size());
  HALFULP_ASSERT(seen.is_finite);
  if (seen.greatest == 0) return {};
  constexpr int kSingleBits = 24;
  const bool is_single = seen.bits <= kSingleBits && seen.least >= 0x1p-126 && seen.greatest < 0x1p128;
  const int bits = seen.last_place < 0x1p-1022 ? 53 : seen.bits;
  return {.lsb = std::ilogb(seen.last_place), .bits = bits, .bound = seen.greatest, .is_single = is_single};
}

}  // namespace halfulp::sim
