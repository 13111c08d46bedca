// The path of gemm for every rounding mode, order and element format: many outputs side by side in double
// (formats/kernels/gemm_panel.hpp), one step of all their dot products after another.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "matrices.hpp"
#include "operand.hpp"

namespace halfulp::sim {

// Accumulated values of all elements; the indices i N + j of those left to the general path (sums that are not finite).
// nullopt: the formats or the data do not prove that the steps round as the formats say. Needs an accumulator. Random words are
// those of GemmOptions with m.element_of(i, j) for i N + j.
std::optional<std::vector<std::size_t>> accumulate_panels(const Matrices& m, const GemmOptions& options, const Operand& a, const Operand& b,
                                                          std::span<double> c);

}  // namespace halfulp::sim
