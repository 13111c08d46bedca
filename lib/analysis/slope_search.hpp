// Choice of relaxation slopes for each bound by itself (alpha-CROWN: Xu et al., "Fast and complete", ICLR 2021): the free lower
// slopes of undecided ReLUs and the touching points of tangents are moved along the gradient of the bound that a backward pass
// with them gives. All in plain arithmetic: what is found is a choice, which backward_ranges then proves.
//
// With the lines fixed, the bound of a row is the value of a network of lines at one corner of the box; its derivative by the
// choice at one neuron is the neuron's coefficient times the line's derivative at the value the network of lines has there.
#pragma once

#include <vector>

#include "relaxation.hpp"
#include "state.hpp"

namespace halfulp {

// By node: rows x size choices of a Unary node; empty: defaults. Rows as in backward_ranges: n from below, then n from above.
using RowChoices = std::vector<std::vector<SlopeChoice>>;

// For the bounds of `elements` of `target`. Ranges (`real`) of all nodes above it must be filled. `steps` gradient steps are made;
// an empty result: nothing above the target can be chosen.
RowChoices search_slopes(const Prepared& prepared, const States<Interval>& states, NodeId target,
                         const std::vector<std::int64_t>& elements, int steps);

}  // namespace halfulp
