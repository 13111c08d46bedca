#include <cmath>
#include <limits>
#include <unordered_set>

#include "halfulp/graph/graph.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kMaxRank = 16;
constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

Result<void> broken(const Node& node, const std::string& what) {
  return fail("E0413", what, node.name);
}

// The product of the extents, or -1 where it is negative, too large, or has too many factors.
std::int64_t checked_count(const Shape& shape) {
  if (shape.size() > kMaxRank) return -1;
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || extent > kMaxElements) return -1;
    if (extent != 0 && count > kMaxElements / extent) return -1;
    count *= extent;
  }
  return count;
}

Result<void> check_constant(const Node& node, std::int64_t count) {
  const bool is_constant = node.op == "constant";
  const std::size_t expected = is_constant ? static_cast<std::size_t>(count) : 0;
  if (node.constant.size() != expected) {
    return broken(node, "holds " + std::to_string(node.constant.size()) + " constant values where " +
                            std::to_string(expected) + " belong");
  }
  for (std::size_t i = 0; i < node.constant.size(); ++i) {
    if (std::isfinite(node.constant[i])) continue;
    return fail("E0414",
                "the constant '" + node.name + "' holds " +
                    (std::isnan(node.constant[i]) ? "NaN" : "an infinity") + " at element " +
                    std::to_string(i) + "; every parameter must be finite",
                node.source.empty() ? node.name : node.source);
  }
  return {};
}

Result<void> check_node(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  if (node.name.empty()) return broken(node, "node " + std::to_string(id) + " has no name");
  if (node.op.empty()) return broken(node, "has no operator");
  const std::int64_t count = checked_count(node.shape);
  if (count < 0) return broken(node, "has an impossible shape");
  for (const NodeId input : node.inputs) {
    if (input < 0 || input >= id) {
      return broken(node, "operand " + std::to_string(input) + " does not come before the node");
    }
  }
  return check_constant(node, count);
}

Result<void> check_ends(const Graph& graph) {
  if (graph.outputs.empty()) return fail("E0413", "the graph has no output");
  const auto outside = [&](NodeId id) {
    return id < 0 || static_cast<std::size_t>(id) >= graph.nodes.size();
  };
  for (const NodeId id : graph.outputs) {
    if (outside(id)) return fail("E0413", "output " + std::to_string(id) + " is no node");
  }
  std::unordered_set<NodeId> inputs;
  for (const NodeId id : graph.inputs) {
    if (outside(id)) return fail("E0413", "input " + std::to_string(id) + " is no node");
    if (graph[id].op != "input") return broken(graph[id], "is listed as input and is none");
    if (!inputs.insert(id).second) return broken(graph[id], "is listed as input twice");
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].op != "input" || inputs.contains(static_cast<NodeId>(i))) continue;
    return broken(graph.nodes[i], "is an input that the graph does not list");
  }
  return {};
}

}  // namespace

Result<void> validate(const Graph& graph) {
  if (graph.nodes.size() > static_cast<std::size_t>(std::numeric_limits<NodeId>::max())) {
    return fail("E0413", "the graph has too many nodes");
  }
  std::unordered_set<std::string> names;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (auto checked = check_node(graph, static_cast<NodeId>(i)); !checked) return checked;
    if (!names.insert(graph.nodes[i].name).second) {
      return broken(graph.nodes[i], "two nodes have this name");
    }
  }
  return check_ends(graph);
}

}  // namespace halfulp
