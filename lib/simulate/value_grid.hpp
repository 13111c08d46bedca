// What makes an accumulation exact in double arithmetic: all values are multiples of 2^lsb, at most `bound` in magnitude, and
// bound < 2^(lsb + 53). Every partial sum, in any order, is then a double.
#pragma once

#include <climits>
#include <optional>

#include "halfulp/formats/format.hpp"
#include "values.hpp"

namespace halfulp::sim {

struct ValueGrid {
  int lsb = INT_MAX;   // INT_MAX: all values are zero
  double bound = 0;
};

// The grid of all values of a format; nullopt if an infinity can occur.
std::optional<ValueGrid> grid_of(const Format& format);
// The grid of given values; nullopt if one is not finite. Wide values are measured part by part: bound is theirs up to 2^-52.
std::optional<ValueGrid> measure(const ValueView& values);
ValueGrid unite(const ValueGrid& a, const ValueGrid& b);
// Products of values of two grids, and sums of at most `bound` (of absolute values) of them.
ValueGrid product_grid(const ValueGrid& a, const ValueGrid& b);

// Far enough from the limits of double for products and their parts.
bool in_range(const ValueGrid& values);
bool sums_are_doubles(const ValueGrid& sums);
// Rounding values of the grid to the format changes none of them and cannot overflow. False negatives are allowed.
bool is_transparent(const Format& format, const ValueGrid& values);

}  // namespace halfulp::sim
