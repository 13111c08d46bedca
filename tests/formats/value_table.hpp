// Rounding of the families whose values are no plain grid (power, posit, takum, lns), by a table of all values of a format of up
// to 16 bits, each decoded from its bit string as the family's definition says.
#pragma once

#include "oracle.hpp"

namespace halfulp::test {

bool is_tabled(const Format& format);
Mp table_decode(const Format& format, std::uint64_t code);
// The rounding boundaries of the positive numbers, to a double.
std::vector<double> table_boundaries(const Format& format);
Mp table_round(const Format& format, const Mp& x, std::uint32_t random);

}  // namespace halfulp::test
