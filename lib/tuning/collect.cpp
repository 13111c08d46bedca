// The variables of a search space: what rounds, what is pinned, and what is tied.
#include <algorithm>
#include <cmath>

#include "roles.hpp"
#include "variables.hpp"

namespace halfulp {
namespace {

bool is_pinned(const SearchSpaceOptions& space, const std::string& name, Role role) {
  return std::any_of(space.pins.begin(), space.pins.end(), [&](const Pin& pin) { return pin.role == role && matches(pin.layers, name); });
}

// The first tie that names the layer; nullptr if none does.
const Tie* tie_of(const SearchSpaceOptions& space, const std::string& name) {
  const auto tie = std::find_if(space.ties.begin(), space.ties.end(), [&](const Tie& each) { return matches(each.layers, name); });
  return tie == space.ties.end() ? nullptr : &*tie;
}

void join(Variable& variable, const Variable& other) {
  variable.places.insert(variable.places.end(), other.places.begin(), other.places.end());
  variable.count += other.count;
  variable.range = hull(variable.range, other.range);
}

}  // namespace

Result<std::vector<Variable>> collect_variables(const LoweredGraph& graph, const std::vector<FormatPattern>& patterns,
                                                const std::vector<Interval>& ranges, const SearchSpaceOptions& space) {
  std::vector<Variable> variables;
  std::vector<std::pair<const Tie*, Role>> tied;  // a variable each; nullptr: not tied
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto node = static_cast<NodeId>(i);
    const std::string& name = (*graph.graph)[node].name;
    for (const Role role : {Role::kInput, Role::kWeight, Role::kBias, Role::kProduct, Role::kAccumulator, Role::kOutput}) {
      if (std::find(space.roles.begin(), space.roles.end(), role) == space.roles.end() || is_pinned(space, name, role)) continue;
      const RoleValues values = role_values(graph, node, role, ranges);
      if (values.count == 0) continue;
      const Variable variable{.places = {{node, role}}, .role = role, .count = values.count, .range = values.range, .fit = values.fit, .levels = {}};
      const Tie* tie = tie_of(space, name);
      const auto shared = std::find(tied.begin(), tied.end(), std::pair{tie, role});
      if (tie && shared != tied.end()) {
        join(variables[static_cast<std::size_t>(shared - tied.begin())], variable);
        continue;
      }
      variables.push_back(variable);
      tied.emplace_back(tie, role);
    }
  }
  for (const Tie& tie : space.ties) {
    if (std::none_of(tied.begin(), tied.end(), [&](const auto& each) { return each.first == &tie; })) {
      return fail("E0805", "no layer to search matches the tie '" + tie.layers + "'", {}, {"`halfulp inspect` lists the layers"});
    }
  }
  for (Variable& variable : variables) variable.levels = ladder(patterns, variable.range, variable.fit);
  return variables;
}

}  // namespace halfulp
