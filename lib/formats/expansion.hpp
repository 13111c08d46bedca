// Integers of up to 128 bits times a power of two as expansions.
#pragma once

#include "halfulp/formats/exact.hpp"

namespace halfulp {

// (-1)^negative * magnitude * 2^lsb; -0.0 for a negative zero. Every non-zero part must lie in the
// range of double.
Expansion make_expansion(bool negative, unsigned __int128 magnitude, int lsb);

}  // namespace halfulp
