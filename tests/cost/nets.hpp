// Small graphs built by hand, node by node.
#pragma once

#include <utility>

#include "halfulp/graph/graph.hpp"

namespace halfulp::testing {

class GraphBuilder {
 public:
  NodeId input(const std::string& name, Shape shape) {
    const NodeId id = add({.name = name, .op = "input", .inputs = {}, .attributes = {}, .shape = std::move(shape), .source = {}, .constant = {}});
    graph_.inputs.push_back(id);
    return id;
  }
  NodeId constant(const std::string& name, Shape shape, std::vector<double> values) {
    return add({.name = name, .op = "constant", .inputs = {}, .attributes = {}, .shape = std::move(shape), .source = {}, .constant = std::move(values)});
  }
  NodeId node(const std::string& name, const std::string& op, std::vector<NodeId> inputs, Shape shape,
              std::map<std::string, Attribute> attributes = {}) {
    return add({.name = name, .op = op, .inputs = std::move(inputs), .attributes = std::move(attributes), .shape = std::move(shape), .source = {}, .constant = {}});
  }
  // y = W x + b with W of shape (rows, columns); x of shape (1, columns).
  NodeId dense(const std::string& name, NodeId x, std::int64_t rows, std::vector<double> weight, std::vector<double> bias) {
    const std::int64_t columns = graph_[x].shape.back();
    const NodeId w = constant(name + ".weight", {rows, columns}, std::move(weight));
    std::vector<NodeId> inputs = {x, w};
    if (!bias.empty()) inputs.push_back(constant(name + ".bias", {rows}, std::move(bias)));
    return node(name, "linear", inputs, {1, rows});
  }
  Graph finish(NodeId output) {
    graph_.outputs = {output};
    return graph_;
  }

 private:
  NodeId add(Node node) {
    graph_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(graph_.nodes.size() - 1);
  }
  Graph graph_;
};

}  // namespace halfulp::testing
