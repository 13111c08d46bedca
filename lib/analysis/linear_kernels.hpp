// Linear maps applied to arrays of enclosures, forwards and transposed, in both engines. Fast: midpoint-radius products by BLAS
// with the a-priori error bound of a floating-point dot product in any order, gamma_n = n u / (1 - n u), added outward (Higham,
// Accuracy and Stability of Numerical Algorithms, section 3.1). Reference: MPFR loops.
#pragma once

#include <vector>

#include "halfulp/enclosure/mp_interval.hpp"
#include "halfulp/operators/linear_map.hpp"

namespace halfulp {

// Parameters in place of the map's own: deployed weights, or weight residuals. Sizes as in LinearMap; `bias` empty = none.
struct Parameters {
  const std::vector<double>* weight = nullptr;
  const std::vector<double>* weight_radius = nullptr;  // nullptr or empty: exact
  const std::vector<double>* bias = nullptr;
  const std::vector<double>* bias_radius = nullptr;
};

// y = (b + W x) / divisor. Sizes: x map.inputs, y map.outputs.
template <typename I>
void apply(const LinearMap& map, const Parameters& parameters, const I* x, I* y);

// For each of `rows` row vectors g (map.outputs long): result += (g / divisor) W, rows of map.inputs.
template <typename I>
void apply_transposed(const LinearMap& map, const Parameters& parameters, const I* g, I* result, std::int64_t rows);

// Samples and candidates are what is spread over cores; a BLAS that starts threads of its own for small products only slows them.
void use_one_blas_thread();

}  // namespace halfulp
