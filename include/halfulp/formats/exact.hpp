// Exact sums of products of doubles, and values wider than a double.
//
// LongAccumulator holds any finite sum of fewer than 2^60 products of two doubles without rounding (Kulisch's long
// accumulator: fixed point with weight 2^-2150 for its last bit). Expansion is an exact value as an unevaluated sum of at most
// kMaxPlanes doubles, largest first, non-overlapping; every value of a format of up to 128 bits is one.
#pragma once

#include <array>
#include <cstdint>

namespace halfulp {

inline constexpr int kMaxPlanes = 3;

struct Expansion {
  std::array<double, kMaxPlanes> part{};  // value = part[0] + part[1] + part[2], exactly
};

class LongAccumulator {
 public:
  void clear();
  void add(double x);                    // x finite
  void add(const Expansion& x);
  void add_product(double x, double y);  // exact, both finite
  void subtract(const LongAccumulator& other);
  void negate();
  bool is_zero() const;
  int sign() const;                      // -1, 0, 1
  // Exponent of the leading bit: 2^e <= |value| < 2^(e+1). Requires a non-zero value.
  int exponent() const;
  // floor(|value| * 2^-lsb_exponent) modulo 2^128, and whether bits below were non-zero.
  struct Truncated {
    unsigned __int128 magnitude;
    bool half;     // the first discarded bit
    bool sticky;   // any discarded bit after the first
  };
  Truncated truncate(int lsb_exponent) const;
  // Divides |value| by n > 0 for rounding purposes: like truncate(), of |value| / n, correctly.
  Truncated truncate_quotient(int lsb_exponent, std::uint64_t n) const;
  // The stochastic bits: floor(fraction * 2^bits) of the discarded part below lsb_exponent, bits <= 32.
  std::uint64_t discarded_bits(int lsb_exponent, int bits) const;

 private:
  void add_scaled(bool negative, unsigned __int128 magnitude, int exponent);

  static constexpr int kLimbs = 70;      // 64-bit limbs, two's complement; limb 0 has weight 2^-2176
  std::array<std::uint64_t, kLimbs> limb_{};
  int low_ = kLimbs;                     // limbs below low_ are zero, above high_ sign extension: clear() is two stores
  int high_ = -1;
};

}  // namespace halfulp
