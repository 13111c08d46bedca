// Rounding errors inside dot products: products rounded to `product`, additions rounded to `accumulator` in the deployed order.
// Each addition errs by at most half an ulp of the bound of its own partial sum (directed modes: one ulp, one-sided); rounding to
// nearest also by no more than either operand that is added to a value of the format, which was a candidate itself.
#pragma once

#include <vector>

#include "rounding_error.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

struct DotTerms {
  std::vector<Interval> products;   // exact products' ranges, in deployed order, padding left out
  Interval bias;                    // 0 without
  int product_lsb = ValueGrid::kUnknown; // products are multiples of 2^product_lsb
  int bias_lsb = 0;
  std::optional<Format> bias_held;       // the bias is a value of this format
};

struct DotEffect {
  Interval product_error, accumulator_error;
  double product_square = 0, accumulator_square = 0;  // sums of squared errors' bounds; meaningless where something may overflow
  Interval sum;                     // range of the finished sum
  bool product_overflow = false, accumulator_overflow = false;
  Interval product_range, partial_range;  // hulls of what had to be held
};

DotEffect dot_effect(const NodeFormats& formats, DotTerms terms);

}  // namespace halfulp
