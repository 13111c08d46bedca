// Linear maps over MPFR intervals, forwards and transposed, in plain loops.
#pragma once

#include <vector>

#include "elementwise.hpp"
#include "halfulp/operators/linear_map.hpp"

namespace halfulp::certificate {

// y = (bias + weight x) / divisor; `bias` empty = none.
std::vector<M> apply(const LinearMap& map, const std::vector<M>& weight, const std::vector<M>& bias, const std::vector<M>& x);
// result += (g / divisor) weight.
void apply_transposed(const LinearMap& map, const std::vector<M>& weight, const std::vector<M>& g, std::vector<M>& result);
// sum over outputs of (g / divisor) bias.
M dot_bias(const LinearMap& map, const std::vector<M>& bias, const std::vector<M>& g);

}  // namespace halfulp::certificate
