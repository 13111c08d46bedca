// Scale exponents of blocks that share a power of two (bfp and mx).
#pragma once

#include "halfulp/formats/format.hpp"

namespace halfulp {

inline constexpr int kMaxScaleExponent = 127;  // e8m0: 2^-127 .. 2^127

// The exponent the format's scale rule gives a block of largest magnitude max_abs >= 0.
int scale_exponent(const Format& format, double max_abs);
// The least upper bound of the largest magnitudes that get at most this exponent.
double largest_for_exponent(const Format& format, int exponent);
// The element with values times 2^exponent, in the rounding mode of the group format.
Format scaled_by_power(const Format& format, int exponent);

}  // namespace halfulp
