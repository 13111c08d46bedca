// One reverse step of the difference recursion d_out = S d_in + rho: functionals of a node's difference become functionals of its
// operands' differences. Rows are laid one after another: row r, element i at [r * size + i].
#pragma once

#include <vector>

#include "state.hpp"

namespace halfulp {

// Coefficient rows of each node, empty where nothing reaches it.
template <typename I>
using Coefficients = std::vector<std::vector<I>>;

template <typename I>
void pull_back(const Prepared& prepared, const States<I>& states, NodeId id, std::int64_t rows, Coefficients<I>& coefficients);

}  // namespace halfulp
