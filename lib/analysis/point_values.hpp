// Values of the real network at one point, by the reference type at the working precision, as doubles rounded outward: sharp
// where plain intervals have widened to nothing. Batch norms are evaluated from their own constants, because a double holds their
// factors to 2^-53 only. Values are dropped after their last consumer, so that memory holds the
// widest layers only: 96 bytes a live value and 16 a node element.
#pragma once

#include "forward.hpp"

namespace halfulp {

// Working precision that whoever asks for such values sets beforehand.
inline constexpr int kPointBits = kMaxWorkingPrecision;

RealRanges point_values(const Prepared& prepared, const InputBox& box);

// Whether enclosures are narrow: at most this share of the largest value.
bool is_sharp(const std::vector<Interval>& values, double share);

}  // namespace halfulp
