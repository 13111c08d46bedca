// Ranges of functionals of the real network's values by backward linear relaxation (CROWN / DeepPoly), rounded outward: a
// linear lower and upper bound is carried from the target to the inputs and evaluated there over the box.
#pragma once

#include <vector>

#include "relaxation.hpp"
#include "state.hpp"

namespace halfulp {

// Relaxations of the Unary nodes met so far, by node; filled on first use from the operand's `real` ranges.
struct RelaxationCache {
  std::vector<std::vector<Relaxation>> by_node;
  // Lower slopes of undecided ReLUs in [0, 1], by node; empty: area-minimal.
  std::vector<std::vector<double>> alpha;
};

// `functional`: rows x size of `target`. Ranges (`real`) of all nodes above the target must be filled.
template <typename I>
std::vector<I> backward_ranges(const Prepared& prepared, const States<I>& states, NodeId target, const std::vector<I>& functional,
                               std::int64_t rows, RelaxationCache& cache);

}  // namespace halfulp
