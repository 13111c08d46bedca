// Rounding modes, overflow modes, and a finite value as sign, integer significand and exponent.
#ifndef HALFULP_ROUNDING_HPP
#define HALFULP_ROUNDING_HPP

#include <cstdint>

#include "halfulp_window.hpp"

namespace halfulp_rt {

enum class rounding { nearest_even, nearest_away, nearest_zero, toward_zero, up, down, odd };
enum class overflow { saturate, infinity, wrap, saturate_symmetric };

// (-1)^negative * significand * 2^exponent.
struct unpacked {
  bool negative;
  std::uint64_t significand;
  int exponent;
};

// Whether |x|, cut to an integer q, goes up to q + 1. half and sticky describe the part cut off.
inline bool rounds_up(rounding mode, bool negative, bool q_is_odd, bool half, bool sticky) {
  const bool inexact = half || sticky;
  switch (mode) {
    case rounding::nearest_even: return half && (sticky || q_is_odd);
    case rounding::nearest_away: return half;
    case rounding::nearest_zero: return half && sticky;
    case rounding::toward_zero: return false;
    case rounding::up: return inexact && !negative;
    case rounding::down: return inexact && negative;
    case rounding::odd: return inexact && !q_is_odd;
  }
  return false;
}

inline std::uint64_t low_mask(int bits) {
  return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

// How the kernels see a number type T: unpack it, round to it, pass its code. Vendor types specialise this.
template <class T>
struct number {
  using code_type = typename T::code_type;
  static code_type code(const T& x) { return x.code; }
  static T from_code(code_type c) { return T{c}; }
  static unpacked unpack(const T& x) { return x.unpack(); }
  template <class Magnitude>
  static T round(bool negative, const Magnitude& m, int lsb, bool sticky) {
    return T::round(negative, m, lsb, sticky);
  }
};

// The role is absent: nothing is rounded there.
struct exact {};

}  // namespace halfulp_rt

#endif
