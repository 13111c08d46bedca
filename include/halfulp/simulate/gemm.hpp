// C = A B + bias with every rounding of a quantised matrix product.
//
//   c[i,j] = output( bias[j] (+) sum_k product( a[i,k] b[k,j] ) )
//
// The sum starts from the bias; each addition (+) is rounded to `accumulator` in the given order, as in operators/form.hpp:
//   product and accumulator  product and sum rounded
//   accumulator alone        exact product, rounded sum: a fused multiplication and addition with one rounding
//   neither                  exact (Kulisch, quire), rounded once to `output`
//   compensated              Kahan's sum in the accumulator format: y = p - e, t = s + y, e = (t - s) - y, each step rounded
// Operands are values of any formats whose values are doubles: fixed, float, posit, or the values of block formats.
// Both backward products of a linear layer are calls with one operand transposed.
//
// Element (i, j) draws, where a format is stochastic, random_bits(seed, stream + role, index): products (i N + j) K + k,
// additions 2 (i N + j) K + step, outputs i N + j, with role 3, 4 and 5, as in lib/simulate/rounder.hpp. No result depends on the
// path taken.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "halfulp/formats/format.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

struct GemmOptions {
  std::optional<Format> product = {}, accumulator = {}, output = {};  // element formats whose values are doubles; absent = exact
  SummationOrder order = {};
  bool compensated = false;      // needs an accumulator, and the sequential order
  bool transpose_a = false;      // a is stored K x M
  bool transpose_b = false;      // b is stored N x K
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;      // a multiple of 8 (sample 2^24 + node 2^3)
  bool force_general_path = false;  // for tests of the fast paths against it
};

struct GemmShape {
  std::size_t rows = 0, columns = 0, depth = 0;  // M, N, K
};

// Row-major; `bias` has N elements or none. Operands are finite. Without `output` and `accumulator` the exact sum is rounded to
// the nearest double.
void gemm(const GemmShape& shape, std::span<const double> a, std::span<const double> b, std::span<const double> bias,
          std::span<double> c, const GemmOptions& options = {});

// C = A B in float32 by BLAS, row-major: what the products above are compared with in speed.
void single_product(const GemmShape& shape, std::span<const float> a, std::span<const float> b, std::span<float> c);

}  // namespace halfulp
