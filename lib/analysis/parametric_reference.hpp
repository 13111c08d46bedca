// Values of the real network at a point, in MPFR numbers of the highest working precision: for deep networks, whose enclosures in doubles
// grow to nothing. Batch norms are evaluated from their own constants, because a double holds their factors to 2^-53 only.
#pragma once

#include "forward.hpp"

namespace halfulp {

RealRanges reference_values(const Prepared& exact, const InputBox& point);

}  // namespace halfulp
