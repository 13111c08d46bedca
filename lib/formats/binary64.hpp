// IEEE 754 binary64 taken apart and put together: x = (-1)^negative * significand * 2^exponent,
// significand < 2^53.
#pragma once

#include <bit>
#include <cstdint>

namespace halfulp {

struct Binary64 {
  bool negative;
  std::uint64_t significand;
  int exponent;  // of the last bit, at least -1074
};

inline bool is_finite_bits(std::uint64_t bits) { return ((bits >> 52) & 2047) != 2047; }

// x finite.
inline Binary64 take_apart(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto field = static_cast<int>((bits >> 52) & 2047);
  const std::uint64_t stored = bits & ((std::uint64_t{1} << 52) - 1);
  const bool normal = field != 0;
  return {.negative = (bits >> 63) != 0,
          .significand = stored | (static_cast<std::uint64_t>(normal) << 52),
          .exponent = (normal ? field : 1) - 1075};
}

// 2^exponent, -1074 <= exponent <= 1023.
inline double power_of_two(int exponent) {
  const std::uint64_t bits = exponent >= -1022 ? static_cast<std::uint64_t>(exponent + 1023) << 52
                                               : std::uint64_t{1} << (exponent + 1074);
  return std::bit_cast<double>(bits);
}

// 2^exponent or the next double above it.
inline double power_of_two_up(int exponent) {
  return power_of_two(exponent < -1074 ? -1074 : exponent);
}

inline constexpr int kDoublePrecision = 53;

// (2^bits - 1) * 2^lsb, rounded down to a double.
inline double all_ones(int bits, int lsb) {
  const int kept = bits <= kDoublePrecision ? bits : kDoublePrecision;
  return static_cast<double>((std::uint64_t{1} << kept) - 1) * power_of_two(lsb + bits - kept);
}

}  // namespace halfulp
