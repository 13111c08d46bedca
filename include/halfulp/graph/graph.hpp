// The static graph that every other part works on: nodes in topological order, constants as nodes, shapes known.
// It is what ingest lowers a TorchScript file to; nothing in it refers to torch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "halfulp/support/result.hpp"
#include "halfulp/support/tensor.hpp"

namespace halfulp {

using NodeId = std::int32_t;

using Attribute = std::variant<std::int64_t, double, bool, std::string, std::vector<std::int64_t>,
                               std::vector<double>>;

struct Node {
  std::string name;             // unique and stable: module path and operator, "conv1", "fc.relu", "linear_2"
  std::string op;               // canonical operator name, a row of lib/operators/registry.cpp
  std::vector<NodeId> inputs;   // operands, each smaller than the node's own id
  std::map<std::string, Attribute> attributes;
  Shape shape;                  // of the one result
  std::string source;           // file:line of the model's own source, may be empty
  std::vector<double> constant; // op "constant" only: element_count(shape) values, row-major
};

struct Graph {
  std::vector<Node> nodes;       // topological order; NodeId indexes it
  std::vector<NodeId> inputs;    // op "input", in forward's order
  std::vector<NodeId> outputs;   // in forward's order, tuples flattened
  std::vector<std::string> rewrites;  // one sentence a rewrite that ingest or the user applied
  std::string model_sha256;      // of the file the graph came from, lower-case hex; may be empty

  const Node& operator[](NodeId id) const { return nodes[static_cast<std::size_t>(id)]; }
  Node& operator[](NodeId id) { return nodes[static_cast<std::size_t>(id)]; }
};

// Checks every invariant above on untrusted data: ids, order, unique names, element counts, finite constants.
// Errors: E04xx with the node's name as place.
Result<void> validate(const Graph& graph);

// Id of the node of that name, or an error with the nearest name as help.
Result<NodeId> find_node(const Graph& graph, const std::string& name);

// Attribute look-ups; the two-argument forms assert that it is there (shape inference has checked it).
std::int64_t int_attribute(const Node& node, const std::string& key);
std::int64_t int_attribute(const Node& node, const std::string& key, std::int64_t otherwise);
double real_attribute(const Node& node, const std::string& key);
double real_attribute(const Node& node, const std::string& key, double otherwise);
bool bool_attribute(const Node& node, const std::string& key, bool otherwise);
std::vector<std::int64_t> ints_attribute(const Node& node, const std::string& key);
std::string text_attribute(const Node& node, const std::string& key, const std::string& otherwise);

}  // namespace halfulp
