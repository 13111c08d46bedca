// The fast path of gemm: tiles of float32 or double (formats/kernels/gemm_tile.hpp), where the formats and the data prove that they give
// the exact roundings.
#pragma once

#include <optional>
#include <vector>

#include "matrices.hpp"
#include "operand.hpp"

namespace halfulp::sim {

// Writes the accumulated values of all elements whose tile is proved and returns, for the others, their indices i N + j.
// nullopt: the path does not apply at all. Zero terms may stand for absent ones.
std::optional<std::vector<std::size_t>> accumulate_tiles(const Matrices& m, const GemmOptions& options, const Operand& a, const Operand& b,
                                                         std::span<double> c);

// Sums that the caller has proved to be doubles, in any order. False where the machine has no tiles.
bool accumulate_exact_tiles(const Matrices& m, const Operand& a, const Operand& b, const ValueGrid& sums, std::span<double> c);

}  // namespace halfulp::sim
