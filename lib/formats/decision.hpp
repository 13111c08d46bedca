// Which of its two neighbours an inexact magnitude goes to. The magnitude is cut after its last
// kept bit; `half` is the first discarded bit, `sticky` whether a later one is set.
#pragma once

#include <cstdint>

#include "halfulp/formats/format.hpp"

namespace halfulp {

// For the deterministic modes: true = to the neighbour away from zero.
inline bool rounds_away(RoundingMode mode, bool negative, bool odd, bool half, bool sticky) {
  switch (mode) {
    case RoundingMode::kNearestEven:
      return half && (sticky || odd);
    case RoundingMode::kNearestAway:
      return half;
    case RoundingMode::kNearestZero:
      return half && sticky;
    case RoundingMode::kTowardZero:
      return false;
    case RoundingMode::kUp:
      return !negative && (half || sticky);
    case RoundingMode::kDown:
      return negative && (half || sticky);
    case RoundingMode::kOdd:
      return !odd && (half || sticky);
    case RoundingMode::kStochastic:
      break;
  }
  return false;
}

// Stochastic rounding goes up (toward +infinity) if random mod 2^bits < f = floor((x - lower) /
// (upper - lower) * 2^bits). `discarded` = floor(fraction of the magnitude * 2^bits), `rest`
// whether that floor was inexact.
inline bool stochastic_rounds_away(bool negative, std::uint64_t discarded, bool rest, int bits,
                                   std::uint32_t random) {
  const std::uint64_t grid = std::uint64_t{1} << bits;
  const std::uint64_t draw = random & (grid - 1);
  if (!negative) return draw < discarded;
  return draw >= grid - (discarded + (rest ? 1 : 0));
}

}  // namespace halfulp
