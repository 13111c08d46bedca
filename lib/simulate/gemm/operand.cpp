#include "operand.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace halfulp::sim {

Operand examine(std::span<const double> entries) {
  Operand result;
  for (const double x : entries) {
    if (x == 0) continue;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const int field = static_cast<int>(bits >> 52 & 2047);
    const std::uint64_t significand = (bits & ((std::uint64_t{1} << 52) - 1)) | std::uint64_t{field != 0} << 52;
    const int zeros = std::countr_zero(significand);
    result.lsb = std::min(result.lsb, std::max(field, 1) - 1075 + zeros);
    result.bits = std::max(result.bits, static_cast<int>(std::bit_width(significand)) - zeros);
    result.bound = std::max(result.bound, std::fabs(x));
    result.is_single = result.is_single && field >= 1023 - 126 && field <= 1023 + 127;
  }
  result.is_single = result.is_single && result.bits <= 24;
  return result;
}

}  // namespace halfulp::sim
