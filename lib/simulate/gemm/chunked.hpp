// Exact sums (Kulisch, quire) of products too wide for one exact product of matrices: the operands are cut into chunks
// (lib/simulate/chunks.hpp), whose products are, and the few partial sums of an element are added exactly.
#pragma once

#include "../rounder.hpp"
#include "matrices.hpp"
#include "operand.hpp"

namespace halfulp::sim {

// c = the exact sums rounded once by `output`, element i N + j drawing word i N + j. `a` and `b` are the arrays of the two operands.
// False: it does not apply or does not pay.
bool accumulate_chunks(const Matrices& m, std::span<const double> a, std::span<const double> b, const Rounder& output, std::span<double> c);

}  // namespace halfulp::sim
