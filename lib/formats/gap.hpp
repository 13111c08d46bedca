// Formats without subnormals hold nothing between zero and their smallest number g = s * 2^t (s odd
// or one).
#pragma once

#include <cstdint>

#include "decision.hpp"
#include "halfulp/formats/exact.hpp"
#include "halfulp/formats/format.hpp"

namespace halfulp {

struct Gap {
  std::uint64_t significand = 0;  // s; 0 = the format has no gap
  int exponent = 0;               // t
};

Gap gap_of(const Format& format);

// `source` is a non-zero number with a sign and truncate(), as in round_exact.cpp.
template <typename Source>
bool lies_in_gap(const Gap& gap, const Source& source) {
  if (gap.significand == 0 || source.exponent() > gap.exponent + 63) return false;
  return source.truncate(gap.exponent).magnitude < gap.significand;
}

// True: to the smallest number of the format; false: to zero. Both codes next to a tie are compared
// by their last bit: zero's is even. With round-to-odd the smallest number is taken, so that
// inexactness stays visible.
template <typename Source>
bool leaves_zero(const Format& format, const Gap& gap, const Source& source, std::uint32_t random) {
  if (format.rounding == RoundingMode::kStochastic) {
    const int bits = format.stochastic_bits;
    const auto scaled = source.truncate(gap.exponent - bits);
    const auto discarded = static_cast<std::uint64_t>(scaled.magnitude / gap.significand);
    const bool rest = scaled.magnitude % gap.significand != 0 || scaled.half || scaled.sticky;
    return stochastic_rounds_away(source.negative(), discarded, rest, bits, random);
  }
  const auto doubled = source.truncate(gap.exponent - 1);
  const bool half = doubled.magnitude >= gap.significand;
  const bool sticky = doubled.magnitude != gap.significand || doubled.half || doubled.sticky;
  return rounds_away(format.rounding, source.negative(), false, half, sticky);
}

}  // namespace halfulp
