// out[j] = factor y[j] + offset, exact and then rounded to odd (gemm_panel.hpp).
#pragma once

#include <cstddef>

namespace halfulp::kernels {

// Requires finite numbers between 2^-400 and 2^400, or zero. `out` may be `y`. An exact zero is +0.
void affine_to_odd(double factor, const double* y, double offset, double* out, std::size_t count);

}  // namespace halfulp::kernels
