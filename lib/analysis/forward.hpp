// The forward pass: ranges of the real and of the deployed network, differences, and each node's own perturbation, node by node.
#pragma once

#include <map>
#include <vector>

#include "backward_ranges.hpp"
#include "state.hpp"

namespace halfulp {

// Counts the multiply-adds that backward passes to inner nodes may still spend.
struct WorkBudget {
  double left = 0;
  bool take(double work) {
    if (work > left) return false;
    left -= work;
    return true;
  }
};

// Slopes that the search chose, by target node and chunk of its elements (row_chunks). The fast engine searches; the reference
// engine proves with the same choices, so that both prove the same bounds up to their own rounding.
using SlopeHints = std::map<NodeId, std::vector<RowChoices>>;

template <typename I>
struct ForwardResult {
  States<I> states;
  std::vector<OverflowPlace> overflows;
  RelaxationCache relaxations;
  SlopeHints hints;   // filled by the fast engine when asked for
};

template <typename I>
ForwardResult<I> forward_pass(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options);

// Differences and own perturbations of one node from its operands' states (declared here, one file a concept).
template <typename I>
void fill_difference(const Prepared& prepared, States<I>& states, NodeId id, std::vector<OverflowPlace>& overflows,
                     const AnalyzeOptions& options, WorkBudget& budget);

// Values of the real network at one node from its operands' ranges.
template <typename I>
std::vector<I> forward_values(const Prepared& prepared, const States<I>& states, NodeId id, bool deployed);

// Identity rows for the chosen elements of a node of `size` elements.
template <typename I>
std::vector<I> unit_rows(const std::vector<std::int64_t>& elements, std::int64_t size) {
  std::vector<I> rows(elements.size() * static_cast<std::size_t>(size), I(0.0));
  for (std::size_t row = 0; row < elements.size(); ++row) {
    rows[row * static_cast<std::size_t>(size) + static_cast<std::size_t>(elements[row])] = I(1.0);
  }
  return rows;
}

// Elements in chunks that keep row matrices of the widest node below a fixed size in memory (128 MB of intervals).
std::vector<std::vector<std::int64_t>> row_chunks(const LoweredGraph& graph, const std::vector<std::int64_t>& elements);

}  // namespace halfulp
