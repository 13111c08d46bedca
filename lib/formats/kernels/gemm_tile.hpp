// Matrix products with a rounding at every step, nearest to even, by tiles that stay in registers; T is float or double, with 24 or
// 53 bits.
//
// Floating-point sums: the sum x of a product and a p-bit number is rounded to the bits of T by a fused step and then to p bits. It
// is (x + E C) - E C with E the binade of x, or the format's least if x lies below it, and C = 1.5 2^(bits - P), both steps fused.
// The second rounding repairs nothing and spoils nothing where the first is exact, where both numbers have p bits and T has 2p + 2
// (Figueroa, SIGNUM 1995), or under the conditions that lib/simulate/gemm/tile_steps.cpp states.
// Where all terms are multiples of the format's smallest number, sums below its normal range are exact.
// Fixed-point sums: the accumulator carries M = 1.5 2^bits u, so that one fused multiplication and addition rounds the exact
// a b + s to a multiple of u.
// The caller proves what is assumed: no overflow in floating point, exact products where they are rounded to floating point, sums
// that fit T where nothing is rounded (the product then is not either).
#pragma once

#include <cstddef>

namespace halfulp::kernels {

// kFloat: below the format's normal range too; kNormalFloat: sums there are known to be exact.
enum class TileRounding { kExact, kFloat, kNormalFloat, kFixed };

// kFloat, kNormalFloat: `factor` = C and `floor` = 2^emin. kFixed: `magic` = M and the limits.
template <typename T>
struct TileStep {
  TileRounding rounding = TileRounding::kExact;
  T factor = 0, floor = 0;
  T magic = 0, low = 0, high = 0;
};

template <typename T>
struct TileJob {
  TileStep<T> product, sum;  // products are not kNormalFloat
  std::size_t depth = 0;
  std::size_t block = 0;   // terms of a partial sum, or 0: one sequence
  const T* a = nullptr;      // packed: depth x rows
  const T* b = nullptr;      // packed: depth x columns
  const T* start = nullptr;  // rows x columns
  T* c = nullptr;            // rows x columns
};

struct TileShape {
  std::size_t rows, columns;
  bool operator==(const TileShape&) const = default;
};
// Of this machine; {0, 0} if it has no fused multiplication and addition.
template <typename T>
TileShape tile_shape();
template <>
TileShape tile_shape<float>();
template <>
TileShape tile_shape<double>();

void run_tile(const TileJob<float>& job);
void run_tile(const TileJob<double>& job);

}  // namespace halfulp::kernels
