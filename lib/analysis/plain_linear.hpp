// Linear maps in plain double arithmetic, many rows at once: for searches that prove nothing.
#pragma once

#include <cstdint>

#include "halfulp/operators/linear_map.hpp"

namespace halfulp {

// y = (b + W x) / divisor for each of `rows` rows of map.inputs; y is written.
void apply_plain(const LinearMap& map, const double* x, double* y, std::int64_t rows);
// result += (g / divisor) W for each of `rows` rows g of map.outputs.
void apply_plain_transposed(const LinearMap& map, const double* g, double* result, std::int64_t rows);

}  // namespace halfulp
