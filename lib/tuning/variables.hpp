// The decision variables of the search: one a (node, role) that rounds, with role weight, bias or output. Nodes that only
// select among values already rounded (data movement, maximum, relu and its like) have none: their values pass exactly.
#pragma once

#include <vector>

#include "halfulp/cost/cost.hpp"
#include "ladder.hpp"

namespace halfulp {

struct Variable {
  NodeId node = 0;
  Role role = Role::kOutput;
  double count = 0;     // values stored or computed
  double price = 0;     // what a bit of each value costs, all values together; 0: free on this target
  double pressure = 0;  // the price in the relaxation: a free variable takes a small share of the error budget, not none
  Interval range;       // of the constants, or of the exact results before rounding
  std::vector<Level> levels;
};

using Levels = std::vector<std::size_t>;  // the level of each variable

// `ranges[node]` bounds the values of the node.
std::vector<Variable> collect_variables(const LoweredGraph& graph, const std::vector<FormatPattern>& patterns,
                                        const std::vector<Interval>& ranges, const Target& target);
// Integer bits were missing: doubles the range `bits` times and rebuilds the ladder.
void widen(Variable& variable, const std::vector<FormatPattern>& patterns, int bits);
std::optional<Format>& format_of(NodeFormats& formats, Role role);
FormatAssignment with_levels(FormatAssignment formats, const std::vector<Variable>& variables, const Levels& levels);
double price_of(const std::vector<Variable>& variables, const Levels& levels);
// The amount of one variable's contribution, 0 if it is not listed.
double amount_of(const std::vector<Contribution>& contributions, const Variable& variable);

}  // namespace halfulp
