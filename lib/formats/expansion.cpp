#include "expansion.hpp"

#include <bit>

#include "binary64.hpp"

namespace halfulp {
namespace {

int bit_length(unsigned __int128 x) {
  const auto high = static_cast<std::uint64_t>(x >> 64);
  if (high != 0) return 64 + static_cast<int>(std::bit_width(high));
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(x)));
}

}  // namespace

Expansion make_expansion(bool negative, unsigned __int128 magnitude, int lsb) {
  constexpr int kPrecision = 53;
  const double sign = negative ? -1.0 : 1.0;
  Expansion result;
  result.part[0] = sign * 0.0;
  for (double& part : result.part) {
    if (magnitude == 0) break;
    const int below = bit_length(magnitude) > kPrecision ? bit_length(magnitude) - kPrecision : 0;
    const auto top = static_cast<std::uint64_t>(magnitude >> below);
    part = sign * (static_cast<double>(top) * power_of_two(lsb + below));
    magnitude -= static_cast<unsigned __int128>(top) << below;
  }
  return result;
}

}  // namespace halfulp
