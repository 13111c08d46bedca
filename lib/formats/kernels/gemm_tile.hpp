// Matrix products in float32 with a rounding at every step, nearest to even, by tiles that stay in registers.
//
// Floating-point sums: the sum x of two p-bit numbers, p <= 11, is rounded to 24 bits and then to p; the second rounding repairs
// nothing and spoils nothing (Figueroa, SIGNUM 1995: 24 >= 2p + 2). It is (x + E C) - E C with E the binade of x and C = 1.5 2^(23-P),
// both steps fused. Where all terms are multiples of the format's smallest number, sums below its normal range are exact.
// Fixed-point sums: the accumulator carries M = 1.5 2^23 u, so that one fused multiplication and addition rounds the exact
// a b + s to a multiple of u.
// The caller proves what is assumed: no overflow in floating point, exact products where they are rounded to floating point, sums
// that fit float32 where nothing is rounded (the product then is not either).
#pragma once

#include <cstddef>

namespace halfulp::kernels {

enum class TileRounding { kExact, kFloat, kFixed };

// kFloat: `factor` = C and, for products, `floor` = 2^emin. kFixed: `magic` = M and the limits.
struct TileStep {
  TileRounding rounding = TileRounding::kExact;
  float factor = 0, floor = 0;
  float magic = 0, low = 0, high = 0;
};

struct TileJob {
  TileStep product, sum;
  std::size_t depth = 0;
  std::size_t block = 0;   // terms of a partial sum, or 0: one sequence
  const float* a = nullptr;      // packed: depth x rows
  const float* b = nullptr;      // packed: depth x columns
  const float* start = nullptr;  // rows x columns
  float* c = nullptr;            // rows x columns
};

struct TileShape {
  std::size_t rows, columns;
};
TileShape tile_shape();  // of this machine; {0, 0} if it has no fused multiplication and addition
void run_tile(const TileJob& job);

}  // namespace halfulp::kernels
