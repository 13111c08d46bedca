// Kahan's compensated sum with every operation rounded.
#pragma once

#include "../accumulate.hpp"

namespace halfulp::sim {

// s = start; for each term p (rounded to `product`): y = p - e, t = s + y, e = (t - s) - y, s = t; each operation rounded to the
// accumulator, an exact zero being +0. Addition number 4 t + 0 .. 3 draws random word 4 (element depth + t) + 0 .. 3.
Expansion compensated_sum(const Terms& terms, const Expansion& start, const DotRounding& rounding, std::uint64_t element);

}  // namespace halfulp::sim
