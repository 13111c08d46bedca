#include "builder.hpp"

#include <unordered_set>

#include "refusal.hpp"

namespace halfulp::ingest_child {
namespace {

constexpr std::size_t kMaxNodes = 1'000'000;
constexpr std::int64_t kMaxElements = std::int64_t{1} << 31;

std::vector<bool> needed_nodes(const Graph& graph, const std::vector<NodeId>& outputs) {
  std::vector<bool> needed(graph.nodes.size(), false);
  for (const NodeId id : outputs) needed[static_cast<std::size_t>(id)] = true;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    if (graph.nodes[i].op == "input") needed[i] = true;
    if (!needed[i]) continue;
    for (const NodeId input : graph.nodes[i].inputs) needed[static_cast<std::size_t>(input)] = true;
  }
  return needed;
}

std::string unique_name(const std::string& base, std::unordered_set<std::string>& taken,
                        std::map<std::string, int>& counts) {
  std::string name = base;
  int& count = counts[base];
  while (++count, !taken.insert(name = count == 1 ? base : base + "_" + std::to_string(count)).second) {
  }
  return name;
}

void check_size(const Node& node) {
  std::int64_t count = 1;
  for (const std::int64_t extent : node.shape) {
    if (extent < 0 || (extent > 0 && count > kMaxElements / extent)) {
      refuse("E0120", "the result of " + node.op + " has the impossible or too large shape " + to_string(node.shape),
             node.source);
    }
    count *= extent;
  }
}

}  // namespace

NodeId Builder::append(Node node) {
  if (graph_.nodes.size() >= kMaxNodes) {
    refuse("E0116", "the model unrolls to more than " + std::to_string(kMaxNodes) + " nodes", node.source);
  }
  check_size(node);
  graph_.nodes.push_back(std::move(node));
  return static_cast<NodeId>(graph_.nodes.size() - 1);
}

NodeId Builder::input(const Shape& shape, std::string name) {
  Node node;
  node.name = std::move(name);
  node.op = "input";
  node.shape = shape;
  node.attributes["index"] = static_cast<std::int64_t>(graph_.inputs.size());
  graph_.inputs.push_back(append(std::move(node)));
  return graph_.inputs.back();
}

NodeId Builder::constant(Tensor tensor, std::string name, std::string source) {
  Node node;
  node.name = std::move(name);
  node.op = "constant";
  node.shape = std::move(tensor.shape);
  node.source = std::move(source);
  node.constant = std::move(tensor.data);
  return append(std::move(node));
}

NodeId Builder::add(std::string op, std::vector<NodeId> inputs, Attributes attributes, Shape shape,
                    std::string name, std::string source) {
  Node node;
  node.name = std::move(name);
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  node.shape = std::move(shape);
  node.source = std::move(source);
  return append(std::move(node));
}

void Builder::note_rewrite(const std::string& sentence) {
  if (rewrites_.insert(sentence).second) graph_.rewrites.push_back(sentence);
}

Graph Builder::finish(const std::vector<NodeId>& outputs) {
  const std::vector<bool> needed = needed_nodes(graph_, outputs);
  std::vector<NodeId> renumbered(graph_.nodes.size(), -1);
  const auto moved = [&](NodeId id) { return renumbered[static_cast<std::size_t>(id)]; };
  std::unordered_set<std::string> taken;
  std::map<std::string, int> counts;
  Graph kept;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (!needed[i]) continue;
    renumbered[i] = static_cast<NodeId>(kept.nodes.size());
    Node& node = kept.nodes.emplace_back(std::move(graph_.nodes[i]));
    node.name = unique_name(node.name, taken, counts);
    for (NodeId& input : node.inputs) input = moved(input);
  }
  for (const NodeId id : graph_.inputs) kept.inputs.push_back(moved(id));
  for (const NodeId id : outputs) kept.outputs.push_back(moved(id));
  kept.rewrites = std::move(graph_.rewrites);
  return kept;
}

}  // namespace halfulp::ingest_child
