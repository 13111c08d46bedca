// Bounds c . (deployed - real) at a node for rows c of functionals, by one reverse pass over everything above it.
#pragma once

#include <utility>
#include <vector>

#include "pullback.hpp"

namespace halfulp {

// Magnitude that each (node, role) adds to the bound of each row.
struct Ledger {
  struct Entry {
    NodeId node;
    Role role;
    std::vector<double> amount;  // a row each
  };
  std::vector<Entry> entries;
};

// `functional`: rows x size of `target`. With `own_rounding` false the target's own output rounding is left out (the difference
// before it). States of all nodes up to the target must be filled (of the target: slopes and errors other than `error`).
template <typename I>
std::vector<Interval> difference_bounds(const Prepared& prepared, const States<I>& states, NodeId target,
                                        std::vector<I> functional, std::int64_t rows, bool own_rounding,
                                        Ledger* ledger = nullptr);

// The same where random roundings may be taken together (probable.hpp): encloses all that is counted at its worst, and adds up the squares
// of |G_k| times the length of the error's range of everything else, a row each.
struct Chances {
  std::vector<double> square;
};
template <typename I>
std::vector<Interval> difference_chances(const Prepared& prepared, const States<I>& states, NodeId target, std::vector<I> functional,
                                         std::int64_t rows, Chances& chances);

}  // namespace halfulp
