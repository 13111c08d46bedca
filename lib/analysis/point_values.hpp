// Values of the real network at one point, by the reference type at the working precision, as doubles rounded outward: sharp
// where plain intervals have widened to nothing. Values are dropped after their last consumer, so that memory holds the
// widest layers only: 96 bytes a live value and 16 a node element.
#pragma once

#include "prepared.hpp"

namespace halfulp {

inline constexpr int kPointBits = 192;  // working precision where the fast engine asks for such values

RealRanges point_values(const Prepared& prepared, const InputBox& box);

}  // namespace halfulp
