// The fast path of gemm: tiles of float32 (formats/kernels/gemm_tile.hpp), where the formats and the data prove that they give
// the exact roundings.
#pragma once

#include <vector>

#include "halfulp/simulate/gemm.hpp"

namespace halfulp::sim {

struct Matrices {
  GemmShape shape;
  std::vector<double> a;        // M x K
  std::vector<double> b;        // N x K
  std::vector<double> start;    // N
};

// Writes the accumulated values of all elements whose tile is proved and returns, for the others, their indices i N + j.
// Every index where the path does not apply at all.
std::vector<std::size_t> accumulate_tiles(const Matrices& matrices, const GemmOptions& options, std::span<double> c);

}  // namespace halfulp::sim
