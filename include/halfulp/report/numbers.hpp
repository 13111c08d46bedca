// Numbers for people: few digits, rounded outward, so that what a table says of a bound is still true.
#pragma once

#include <cstdint>
#include <string>

namespace halfulp {

// A decimal of `digits` significant digits that is >= x, without superfluous zeros: "2.41e-2", "0.5", "inf".
std::string short_up(double x, int digits = 4);
std::string short_down(double x, int digits = 4);
// "[-1.62, 2.05]", lower end rounded down, upper end up.
std::string short_range(double lo, double hi, int digits = 4);
// "97.1 %" of a share in [0, 1]; rounded down, so that 100 % means all.
std::string percent_down(double share);
// "61,706"
std::string with_commas(std::int64_t count);

}  // namespace halfulp
