#include "halfulp/graph/graph.hpp"
#include "halfulp/support/assert.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

template <typename T>
const T* attribute(const Node& node, const std::string& key) {
  const auto found = node.attributes.find(key);
  if (found == node.attributes.end()) return nullptr;
  const T* value = std::get_if<T>(&found->second);
  HALFULP_ASSERT(value != nullptr);
  return value;
}

template <typename T>
const T& required(const Node& node, const std::string& key) {
  const T* value = attribute<T>(node, key);
  HALFULP_ASSERT(value != nullptr);
  return *value;
}

}  // namespace

std::int64_t int_attribute(const Node& node, const std::string& key) {
  return required<std::int64_t>(node, key);
}

std::int64_t int_attribute(const Node& node, const std::string& key, std::int64_t otherwise) {
  const auto* value = attribute<std::int64_t>(node, key);
  return value ? *value : otherwise;
}

double real_attribute(const Node& node, const std::string& key) {
  return required<double>(node, key);
}

double real_attribute(const Node& node, const std::string& key, double otherwise) {
  const auto* value = attribute<double>(node, key);
  return value ? *value : otherwise;
}

bool bool_attribute(const Node& node, const std::string& key, bool otherwise) {
  const auto* value = attribute<bool>(node, key);
  return value ? *value : otherwise;
}

std::vector<std::int64_t> ints_attribute(const Node& node, const std::string& key) {
  return required<std::vector<std::int64_t>>(node, key);
}

std::string text_attribute(const Node& node, const std::string& key, const std::string& otherwise) {
  const auto* value = attribute<std::string>(node, key);
  return value ? *value : otherwise;
}

Result<NodeId> find_node(const Graph& graph, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].name == name) return static_cast<NodeId>(i);
    names.push_back(graph.nodes[i].name);
  }
  return fail("E0412", "the graph has no node '" + name + "'", {}, nearest_help(name, names));
}

}  // namespace halfulp
