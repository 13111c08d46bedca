// Collects the nodes of our graph in topological order and, at the end, drops what no output needs and names the rest.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "halfulp/graph/graph.hpp"

namespace halfulp::ingest_child {

using Attributes = std::map<std::string, Attribute>;

class Builder {
 public:
  NodeId input(const Shape& shape, std::string name);
  NodeId constant(Tensor tensor, std::string name, std::string source = {});
  NodeId add(std::string op, std::vector<NodeId> inputs, Attributes attributes, Shape shape,
             std::string name, std::string source);
  // Says once that something of the model was left out or rewritten.
  void note_rewrite(const std::string& sentence);

  const Node& node(NodeId id) const { return graph_[id]; }
  bool is_constant(NodeId id) const { return graph_[id].op == "constant"; }

  // Names are made unique in graph order: "relu", "relu_2", ... An input is kept even where no output needs it.
  Graph finish(const std::vector<NodeId>& outputs);

 private:
  NodeId append(Node node);

  Graph graph_;
  std::set<std::string> rewrites_;
};

}  // namespace halfulp::ingest_child
