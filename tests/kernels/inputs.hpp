// Inputs that meet every rounding decision.
#pragma once

#include <vector>

#include "halfulp/formats/format.hpp"

namespace halfulp::test {

Format format_of(const std::string& spelling);

// All 65 536 upper halves of a float32 under lower halves next to ties of formats of up to 23 stored bits: 3 million values.
std::vector<float> stratified_floats();
// The same pattern in doubles, upper halves thinned out, and the neighbours of ties of narrow formats.
std::vector<double> stratified_doubles();

}  // namespace halfulp::test
