// Euclidean norms of differences, for deep networks: a bound on every element grows by the row sums of |W| in each layer, a norm by
// the largest singular value, which in wide layers is smaller by about the square root of their width.
//
// A ScaledNorm says ||S^-1 d||_2 <= norm with S = diag(scale), scale > 0. Any scale is allowed; a good one is the size that each
// element's difference would have if all errors were independent, so that no channel dominates. Through y = W d + r:
//   ||S_y^-1 y|| <= ||S_y^-1 W S_x|| ||S_x^-1 d|| + ||S_y^-1 r||,    |y_i| <= ||(W S_x)_i|| ||(S_x^-1 d) over i's window|| + |r_i|.
// The matrix norm of a convolution is at most that of its im2col matrix times the root of the largest number of windows that share
// an input, and at most the sum of the norms of its columns (each tap reads an input once). Norms of matrices: ||A||^2 = ||A A^T||,
// repeated, then the Frobenius norm, with the rounding errors of each product added.
#pragma once

#include <cmath>
#include <vector>

#include "halfulp/operators/form.hpp"

namespace halfulp {

struct ScaledNorm {
  std::vector<double> scale;  // one an element, positive
  double norm = HUGE_VAL;
  double rms() const { return norm / std::sqrt(static_cast<double>(scale.size())); }
};

// sqrt(sum values[i]^2), rounded up.
double euclidean_up(const std::vector<double>& values);

// An upper bound of the largest singular value of the rows x columns matrix a.
double largest_singular_value_up(std::vector<double> a, std::int64_t rows, std::int64_t columns);

// The same of the product a b, a (rows x inner), b (inner x columns). A tall a is replaced by a triangle r with r^T r near a^T a:
// ||a b||^2 <= ||r b||^2 + ||a^T a - r^T r|| ||b||^2.
double largest_singular_value_up(const std::vector<double>& a, const std::vector<double>& b, std::int64_t rows, std::int64_t inner,
                                 std::int64_t columns);

// a b, and in `error` a bound of the Frobenius norm of what its roundings leave out.
std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b, std::int64_t rows, std::int64_t inner,
                            std::int64_t columns, double& error);

// ||S^-1 d||_2 for |d_i| <= bound[i], rounded up.
double scaled_norm_up(const std::vector<double>& bound, const std::vector<double>& scale);

// Scale and norm from element bounds alone, one scale for all.
ScaledNorm norm_of_bounds(const std::vector<double>& bound);

// Of y = W d + r for |d| <= bound and `x`, |r_i| <= own[i]. `later` is the size that is still to be added to each element: it is
// only looked at to choose the scale. Lowers `before`, bounds of |y_i|, where the norms prove less. `rough`: Frobenius norms will do.
ScaledNorm linear_norm(const LinearMap& map, const ScaledNorm& x, const std::vector<double>& bound, const std::vector<double>& own,
                       const std::vector<double>& later, std::vector<double>& before, bool rough = false);

// One operand of an element-wise operation with broadcasting: y_i gets |d_source(i)| * slope[i].
struct ScaledOperand {
  const ScaledNorm* norm;
  std::vector<std::int32_t> source;  // -1: nothing
  std::vector<double> slope;         // magnitudes; empty: 1
};

// Of a sum of such operands.
ScaledNorm sum_norm(const std::vector<ScaledOperand>& operands, std::size_t size, const std::vector<double>& later);

}  // namespace halfulp
