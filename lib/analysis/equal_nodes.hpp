// Nodes that compute the same thing: the same operator with the same attributes, operands and formats, as a compiler's common
// subexpressions. Deterministic arithmetic gives them the same value, so that one error stands for both, and what their consumers
// make of it may cancel. Nodes with a stochastic rounding draw for themselves and are equal to none.
#pragma once

#include <optional>

#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

// The graph with every consumer reading the first of its equal operands; nullopt if there are none. Node ids do not change.
std::optional<LoweredGraph> read_first_of_equals(const LoweredGraph& graph, const FormatAssignment& formats);

}  // namespace halfulp
