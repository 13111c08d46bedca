#include "variables.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/support/assert.hpp"
#include "roles.hpp"

namespace halfulp {
namespace {

// Share of the error budget that all free variables take together.
constexpr double kFreeShare = 0.06;

const char* name_of(Role role) { return to_string(role); }

}  // namespace

void set_pressures(std::vector<Variable>& variables) {
  double paid = 0, free = 0;
  for (const Variable& variable : variables) (variable.price > 0 ? paid : free) += variable.price > 0 ? variable.price : variable.count;
  const double scale = paid > 0 && free > 0 ? kFreeShare / (1 - kFreeShare) * paid / free : 1;
  for (Variable& variable : variables) variable.pressure = variable.price > 0 ? variable.price : variable.count * scale;
}

void widen(Variable& variable, const std::vector<FormatPattern>& patterns, int bits) {
  variable.range = {std::ldexp(variable.range.lo, bits), std::ldexp(variable.range.hi, bits)};
  variable.levels = ladder(patterns, variable.range, Fit::kWhole);
}

std::optional<Format>& format_of(NodeFormats& formats, Role role) {
  switch (role) {
    case Role::kWeight: return formats.weight;
    case Role::kBias: return formats.bias;
    case Role::kInput: return formats.input;
    case Role::kProduct: return formats.product;
    case Role::kAccumulator: return formats.accumulator;
    case Role::kOutput:
    case Role::kSlope: break;
  }
  return formats.output;
}

FormatAssignment with_levels(FormatAssignment formats, const std::vector<Variable>& variables, const Levels& levels) {
  HALFULP_ASSERT(levels.size() == variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Variable& variable = variables[i];
    for (const Place& place : variable.places) {
      format_of(formats[static_cast<std::size_t>(place.node)], place.role) = variable.levels[levels[i]].format;
    }
  }
  return formats;
}

double amount_of(const std::vector<Contribution>& contributions, const Variable& variable) {
  double amount = 0;
  for (const Contribution& each : contributions) {
    if (each.role != variable.role) continue;
    for (const Place& place : variable.places) amount += place.node == each.node ? each.amount : 0;
  }
  return amount;
}

bool matches(const std::string& glob, const std::string& name) {
  std::size_t g = 0, n = 0, star = std::string::npos, resume = 0;
  while (n < name.size()) {
    if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n]) && glob[g] != '*') {
      ++g, ++n;
    } else if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = n;
    } else if (star != std::string::npos) {
      g = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

Result<FormatAssignment> pinned_formats(const LoweredGraph& graph, const TuneOptions& options) {
  FormatAssignment formats(graph.nodes.size());
  if (options.input_format) {
    for (const NodeId id : graph.graph->inputs) formats[static_cast<std::size_t>(id)].input = options.input_format;
  }
  for (const Pin& pin : options.pins) {
    bool any = false;
    for (std::size_t i = 0; i < formats.size(); ++i) {
      const auto node = static_cast<NodeId>(i);
      if (!matches(pin.layers, (*graph.graph)[node].name) || !has_role(graph, node, pin.role)) continue;
      format_of(formats[i], pin.role) = pin.format;
      any = true;
    }
    if (!any) return fail("E0805", "no layer '" + pin.layers + "' has the role " + name_of(pin.role), {}, {"`halfulp inspect` lists the layers"});
  }
  return formats;
}

}  // namespace halfulp
