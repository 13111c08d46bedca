// Rounding of one double to a format whose values are doubles, for a rounding mode known at compile
// time.
#pragma once

#include <algorithm>
#include <cmath>

#include "binary64.hpp"
#include "decision.hpp"
#include "grid.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp {

// The rare cases: infinities and NaN; the gap around zero of formats without subnormals; results
// beyond the limits.
double round_special(const Format& format, double x);
double round_in_gap(const Format& format, double x, std::uint32_t random);
double round_overflow(const Format& format, double unbounded);

// The significand with its last `drop` bits rounded away, 1 <= drop <= 63.
template <RoundingMode mode>
inline std::uint64_t round_significand(std::uint64_t significand, int drop, bool negative) {
  const std::uint64_t half = std::uint64_t{1} << (drop - 1);
  const std::uint64_t rest = (half << 1) - 1;
  if constexpr (mode == RoundingMode::kNearestEven) {
    return (significand + (half - 1) + ((significand >> drop) & 1)) >> drop;
  } else if constexpr (mode == RoundingMode::kNearestAway) {
    return (significand + half) >> drop;
  } else if constexpr (mode == RoundingMode::kNearestZero) {
    return (significand + (half - 1)) >> drop;
  } else if constexpr (mode == RoundingMode::kTowardZero) {
    return significand >> drop;
  } else if constexpr (mode == RoundingMode::kUp) {
    return (significand + (rest & (std::uint64_t{negative} - 1))) >> drop;
  } else if constexpr (mode == RoundingMode::kDown) {
    return (significand + (rest & (std::uint64_t{!negative} - 1))) >> drop;
  } else {
    static_assert(mode == RoundingMode::kOdd);
    return (significand >> drop) | static_cast<std::uint64_t>((significand & rest) != 0);
  }
}

inline std::uint64_t round_significand_stochastic(std::uint64_t significand, int drop,
                                                  bool negative, int bits, std::uint32_t random) {
  const std::uint64_t kept = drop < 64 ? significand >> drop : 0;
  const std::uint64_t fraction = drop < 64 ? significand - (kept << drop) : significand;
  std::uint64_t discarded = 0;
  bool rest = false;
  if (drop <= bits) {
    discarded = fraction << (bits - drop);
  } else if (drop - bits < 64) {
    discarded = fraction >> (drop - bits);
    rest = (discarded << (drop - bits)) != fraction;
  } else {
    rest = fraction != 0;
  }
  return kept + (stochastic_rounds_away(negative, discarded, rest, bits, random) ? 1 : 0);
}

template <RoundingMode mode>
inline double round_on_grid(const Format& format, const Grid& grid, double x,
                            std::uint32_t random) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  if (!is_finite_bits(bits)) [[unlikely]]
    return round_special(format, x);
  const Binary64 parts = take_apart(x);
  if (std::fabs(x) < grid.gap && x != 0) [[unlikely]]
    return round_in_gap(format, x, random);

  // Subnormal x have too large an exponent here, which does not matter: every lsb is at least -1022
  // - P.
  const int last = std::max(parts.exponent + 52 - grid.stored_bits, grid.lsb);
  const int drop = last - parts.exponent;
  double result = x;
  if (drop > 0) {
    std::uint64_t rounded = 0;
    if constexpr (mode == RoundingMode::kStochastic) {
      rounded = round_significand_stochastic(parts.significand, drop, parts.negative,
                                             grid.stochastic_bits, random);
    } else {
      rounded = round_significand<mode>(parts.significand, std::min(drop, 63), parts.negative);
    }
    const double magnitude =
        static_cast<double>(static_cast<std::int64_t>(rounded)) * power_of_two(last);
    result = std::copysign(magnitude, x);
  }
  if (result > grid.largest || result < grid.lowest) [[unlikely]] {
    return round_overflow(format, result);
  }
  if (std::fabs(result) < grid.flush_below) result = std::copysign(0.0, x);
  if (!grid.has_negative_zero && result == 0) result = 0.0;
  return result;
}

// Calls `use` with the mode as a template argument.
template <typename Use>
inline auto with_mode(RoundingMode mode, const Use& use) {
  using enum RoundingMode;
  switch (mode) {
    case kNearestEven:
      break;
    case kNearestAway:
      return use.template operator()<kNearestAway>();
    case kNearestZero:
      return use.template operator()<kNearestZero>();
    case kTowardZero:
      return use.template operator()<kTowardZero>();
    case kUp:
      return use.template operator()<kUp>();
    case kDown:
      return use.template operator()<kDown>();
    case kOdd:
      return use.template operator()<kOdd>();
    case kStochastic:
      return use.template operator()<kStochastic>();
  }
  return use.template operator()<kNearestEven>();
}

}  // namespace halfulp
