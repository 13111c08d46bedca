// From an MPFR number to the long accumulator, for rounding.
//
// Every rounding boundary of every format (values, midpoints, points of a stochastic grid) is a
// multiple of 2^-2139 below 2^1100, so a rounding is constant on each open cell between
// neighbouring multiples and beyond 2^1100. An open end of an enclosure is therefore represented by
// the middle of the cell just inside it, and two ends that round to the same value decide the
// rounding of everything between, even if the end itself (1 for tanh, 0 for exp) is a value of the
// format.
#pragma once

#include <mpfr.h>

#include "halfulp/formats/exact.hpp"

namespace halfulp::detail {

enum class End {
  kClosed,     // the number itself
  kOpenBelow,  // points just above the number
  kOpenAbove,  // points just below the number
};

LongAccumulator to_accumulator(mpfr_srcptr x, End end);

}  // namespace halfulp::detail
