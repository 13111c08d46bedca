// Midpoint-radius products of a matrix's rows with one vector, in one pass over the matrix: sums in any order, whose rounding
// errors the caller's gamma bound covers.
#pragma once

#include <cstdint>

namespace halfulp {

struct MidRadVector {
  const double* mid;
  const double* spread;      // what |weights| multiply
  const double* magnitude;   // what radii of weights multiply
};

// mid[r] = sum_k w[r n + k] x.mid[k], rad[r] = sum_k |w[r n + k]| x.spread[k] + radius[r n + k] x.magnitude[k]; `radius` may be nullptr.
void multiply_rows(const double* w, const double* radius, std::int64_t rows, std::int64_t n, const MidRadVector& x, double* mid, double* rad);

}  // namespace halfulp
