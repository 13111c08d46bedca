// Ranges of functionals of the real network's values by backward linear relaxation (CROWN / DeepPoly), rounded outward: a
// linear lower and upper bound is carried from the target to the inputs and evaluated there over the box.
#pragma once

#include <vector>

#include "slope_search.hpp"
#include "state.hpp"

namespace halfulp {

// Default relaxations of the Unary nodes met so far, by node; filled on first use from the operand's `real` ranges.
struct RelaxationCache {
  std::vector<std::vector<Relaxation>> by_node;
};

// `functional`: rows x size of `target`. Ranges (`real`) of all nodes above the target must be filled. `choices`, if not empty: each
// bound's own slopes.
template <typename I>
std::vector<I> backward_ranges(const Prepared& prepared, const States<I>& states, NodeId target, const std::vector<I>& functional,
                               std::int64_t rows, RelaxationCache& cache, const RowChoices& choices = {});

}  // namespace halfulp
