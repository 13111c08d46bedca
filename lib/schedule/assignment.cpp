#include "fields.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {

using schedule_detail::kRoles;

FormatAssignment uniform_assignment(const Graph& graph, const Format& format) {
  FormatAssignment result(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const std::string& op = graph.nodes[i].op;
    if (op == "constant") continue;
    if (op == "input") {
      result[i].input = format;
      continue;
    }
    result[i].weight = result[i].bias = result[i].output = format;
  }
  return result;
}

namespace {

// A default applies where the node has the role: `input` to network inputs, all others to operators.
NodeFormats default_formats(const Node& node, const NodeFormats& defaults) {
  if (node.op == "constant") return {};
  NodeFormats formats = defaults;
  if (node.op == "input") {
    formats = {};
    formats.input = defaults.input;
    return formats;
  }
  formats.input.reset();
  return formats;
}

Result<void> check_roles(const Node& node, const NodeFormats& formats) {
  if (node.op == "constant") {
    return fail("E0306", "layer '" + node.name + "' is a constant; give its format as `weight` or `bias` of the node that uses it",
                node.name);
  }
  if (node.op != "input" && formats.input) {
    return fail("E0306", "layer '" + node.name + "' (" + node.op + ") is no network input, so it has no role `input`",
                node.name, {"operands arrive in their producer's `output` format"});
  }
  if (node.op != "input") return {};
  for (const auto& role : kRoles) {
    if (std::string(role.key) != "input" && formats.*role.format) {
      return fail("E0306", "network input '" + node.name + "' has only the role `input`, not `" + role.key + "`",
                  node.name);
    }
  }
  return {};
}

// Products and partial sums come one at a time, so they cannot share a scale.
Result<void> check_groups(const Node& node, const NodeFormats& formats) {
  for (const auto& [role, format] : {std::pair{"product", &formats.product}, {"accumulator", &formats.accumulator}}) {
    if (!*format || !is_grouped(**format)) continue;
    return fail("E0311", "`" + std::string(role) + "` of layer '" + node.name + "' has the format " + (*format)->name +
                             ", whose values share a scale; products and partial sums come one at a time",
                node.name, {"give it a fixed or float format, or none for an exact sum"});
  }
  return {};
}

}  // namespace

Result<FormatAssignment> assignment(const Graph& graph, const Schedule& schedule) {
  FormatAssignment result;
  std::map<std::string, std::size_t> position;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    result.push_back(default_formats(graph.nodes[i], schedule.defaults));
    position.emplace(graph.nodes[i].name, i);
    if (graph.nodes[i].op != "constant") names.push_back(graph.nodes[i].name);
  }
  for (const auto& layer : schedule.layers) {
    const auto found = position.find(layer.name);
    if (found == position.end()) {
      return fail("E0305", "the schedule has a layer '" + layer.name + "' that the model does not have",
                  layer.name, nearest_help(layer.name, names));
    }
    if (auto checked = check_roles(graph.nodes[found->second], layer.formats); !checked) {
      return fail(checked.error());
    }
    result[found->second] = layer.formats;
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (auto checked = check_groups(graph.nodes[i], result[i]); !checked) return fail(checked.error());
  }
  return result;
}

std::vector<ScheduleLayer> layers_of(const Graph& graph, const FormatAssignment& assignment) {
  std::vector<ScheduleLayer> layers;
  for (std::size_t i = 0; i < graph.nodes.size() && i < assignment.size(); ++i) {
    const NodeFormats& formats = assignment[i];
    bool rounds = !(formats.order == SummationOrder{});
    for (const auto& role : kRoles) rounds = rounds || (formats.*role.format).has_value();
    if (rounds) layers.push_back({.name = graph.nodes[i].name, .formats = formats});
  }
  return layers;
}

}  // namespace halfulp
