// Many rounded sums at once, by whichever way the formats and the data prove.
#pragma once

#include <optional>
#include <vector>

#include "../accumulate.hpp"
#include "matrices.hpp"
#include "operand.hpp"

namespace halfulp::sim {

// Tiles, and panels for what they leave; the indices i N + j of the elements that are left to the general path. nullopt: all are.
// Needs an accumulator, and finite operands.
std::optional<std::vector<std::size_t>> accumulate_side_by_side(const Matrices& m, const GemmOptions& options, const Operand& a,
                                                                const Operand& b, std::span<double> c);

// The general path: the dot product of element i N + j, accumulated; with rounding.output also rounded to it.
Expansion accumulate_alone(const Matrices& m, const DotRounding& rounding, std::size_t element);

// All elements: side by side where that is possible, else alone. False: the formats do not even allow it for one.
bool accumulate_somehow(const Matrices& m, const GemmOptions& options, const DotRounding& rounding, const Operand& a, const Operand& b,
                        std::span<double> c);

}  // namespace halfulp::sim
