// What levels cost on the target, fast enough to price thousands of selections: each node's share, remembered by the levels that it
// depends on (its own roles, and the formats in which its operands arrive).
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>

#include "variables.hpp"

namespace halfulp {

class Pricing {
 public:
  // All outlive this; the variables' ladders must not change (make a new one then).
  Pricing(const CostModel& model, const FormatAssignment& base, const std::vector<Variable>& variables);

  double total(const Levels& levels) const;
  // total() after minus before variable i goes to `level`; only the nodes it touches are priced.
  double change(const Levels& levels, std::size_t i, std::size_t level) const;
  // What a bit of the variable costs around `levels`, on the average over a few; never negative.
  double slope(const Levels& levels, std::size_t i) const;

 private:
  struct NodeShare {
    NodeId node = 0;
    std::vector<std::size_t> variables;  // that it depends on
    mutable std::map<Levels, double> known;                        // where the levels do not fit a word
    mutable std::unordered_map<std::uint64_t, double> known_packed;  // where they do, a byte each
  };
  // With variable `moved` at `level`, the others as in `levels`.
  double share(const NodeShare& node, const Levels& levels, std::size_t moved, std::size_t level) const;
  double priced(const NodeShare& node, const Levels& levels, std::size_t moved, std::size_t level) const;

  const CostModel& model_;
  const std::vector<Variable>& variables_;
  mutable FormatAssignment scratch_;
  std::vector<NodeShare> nodes_;
  std::vector<std::vector<std::size_t>> touched_;  // by variable: indices into nodes_
  double fixed_ = 0;                               // of the nodes that depend on no variable
};

}  // namespace halfulp
