// y = W x + b of a linear map in double arithmetic, the additions in any order: for sums that are exact, and for references.
#pragma once

#include <span>

#include "halfulp/operators/linear_map.hpp"

namespace halfulp::sim {

// Sizes as in the map; `bias` may be empty. Padding contributes nothing; the divisor is not applied.
void multiply(const LinearMap& map, std::span<const double> weight, std::span<const double> bias, std::span<const double> x,
              std::span<double> y);

// c (rows x columns) = a (rows x depth) b^T (columns x depth), all row-major.
void multiply_transposed(std::int64_t rows, std::int64_t columns, std::int64_t depth, const double* a, const double* b, double* c);

}  // namespace halfulp::sim
