// What rounding an array to a group format can do to values of known ranges: the scale of a group depends on the values in it,
// so the error of each is bounded by the largest magnitude any of them can have. A scale rule that lets large values saturate is
// part of the bound: such formats do not overflow.
#pragma once

#include <vector>

#include "halfulp/operators/array_layout.hpp"
#include "rounding_error.hpp"

namespace halfulp {

// `ranges`: of the exact values before rounding, in the array's order. Requires a group format that fits the layout.
std::vector<RoundingEffect> group_effects(const Format& format, const std::vector<Interval>& ranges, const ArrayLayout& layout);

}  // namespace halfulp
