// What a value beyond the largest finite number becomes (IEEE 754-2019, 7.4, where the format has
// infinities).
#pragma once

#include "halfulp/formats/format.hpp"

namespace halfulp {

// The result for an overflowing number of the given sign, or for an infinity (`exact_infinity`);
// not for kWrap with finite x. kError, and kInfinity without an infinity in the format, give NaN.
// Requires fits_double(format).
double overflow_value(const Format& format, bool negative, bool exact_infinity);
// kInfinity only: whether the rounding mode keeps to the largest finite number instead.
bool stays_finite(RoundingMode mode, bool negative);

}  // namespace halfulp
