// The decision variables of the search: one a (node, role) that rounds, or one for several of them that are tied. Nodes that only
// select among values already rounded (data movement, maximum, relu and its like) have none: their values pass exactly.
#pragma once

#include <vector>

#include "halfulp/cost/cost.hpp"
#include "ladder.hpp"

namespace halfulp {

struct Place {
  NodeId node = 0;
  Role role = Role::kOutput;
  bool operator==(const Place&) const = default;
};

struct Variable {
  std::vector<Place> places;  // that share the format; all of the same role
  Role role = Role::kOutput;
  double count = 0;     // values stored or computed
  double price = 0;     // what a bit costs near the start of the search, all values together; 0: free on this target
  double pressure = 0;  // the price in the relaxation: a free variable takes a small share of the error budget, not none
  Interval range;       // of the constants, or of the exact results before rounding
  Fit fit = Fit::kWhole;
  std::vector<Level> levels;
};

using Levels = std::vector<std::size_t>;  // the level of each variable

// `ranges[node]` bounds the values of the node. Errors: E0805 a tie that matches no layer.
Result<std::vector<Variable>> collect_variables(const LoweredGraph& graph, const std::vector<FormatPattern>& patterns,
                                                const std::vector<Interval>& ranges, const SearchSpaceOptions& space);
// The formats of the pins, and the input format. Errors: E0805 a pin that matches no layer with that role.
Result<FormatAssignment> pinned_formats(const LoweredGraph& graph, const TuneOptions& options);
// The relaxation's prices of the free variables, from those of the others.
void set_pressures(std::vector<Variable>& variables);
// Integer bits were missing: doubles the range `bits` times and rebuilds the ladder.
void widen(Variable& variable, const std::vector<FormatPattern>& patterns, int bits);
std::optional<Format>& format_of(NodeFormats& formats, Role role);
FormatAssignment with_levels(FormatAssignment formats, const std::vector<Variable>& variables, const Levels& levels);
// The amount of one variable's contributions, 0 if none is listed.
double amount_of(const std::vector<Contribution>& contributions, const Variable& variable);
// `*` stands for any run of characters, `?` for one.
bool matches(const std::string& glob, const std::string& name);

}  // namespace halfulp
