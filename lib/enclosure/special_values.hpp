// Values at the edges of a function's domain, in a format.
#pragma once

#include "halfulp/formats/round.hpp"

namespace halfulp::detail {

Expansion not_a_number();
Expansion infinity_of(const Format& format, bool negative);
Expansion zero_of(const Format& format, bool negative);
// round_to(format, x) of a finite double, for any format.
Expansion round_double(const Format& format, double x, std::uint32_t random);

}  // namespace halfulp::detail
