// An independent rounding of real numbers to formats, on MPFR integers: the definition written
// down, for tests of the production rounding of function values.
#pragma once

#include "enclosure/mpfr_number.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp::test {

// A real number: |value| <= |real| < |value| + something below every rounding boundary; above
// |value| if `inexact`.
struct RealNumber {
  explicit RealNumber(mpfr_prec_t precision) : value(precision) {}
  MpfrNumber value;
  bool inexact = false;
};

// Saturating and wrapping formats with gradual subnormals; `result` must hold the format's
// precision.
void oracle_round(mpfr_ptr result, const Format& format, const RealNumber& x, std::uint32_t random);

void set_expansion(mpfr_ptr result, const Expansion& x);

}  // namespace halfulp::test
