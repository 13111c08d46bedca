// A small valid graph with every kind of field.
#pragma once

#include "halfulp/graph/graph.hpp"

namespace halfulp::test {

inline Graph dense_graph() {
  Graph graph;
  Node x{.name = "x", .op = "input", .inputs = {}, .attributes = {{"index", std::int64_t{0}}}, .shape = {1, 2}, .source = "", .constant = {}};
  Node weight{.name = "fc.weight", .op = "constant", .inputs = {}, .attributes = {}, .shape = {3, 2}, .source = "net.py:4",
              .constant = {1, -2, 0.5, 1e-300, -0.0, 7}};
  Node fc{.name = "fc", .op = "linear", .inputs = {0, 1}, .attributes = {}, .shape = {1, 3}, .source = "net.py:5", .constant = {}};
  Node last{.name = "last", .op = "hardtanh", .inputs = {2},
            .attributes = {{"min", -1.0}, {"max", 1.0}, {"flag", true}, {"text", std::string("a\nb")},
                           {"ints", std::vector<std::int64_t>{1, -2}}, {"reals", std::vector<double>{0.25}}},
            .shape = {1, 3}, .source = "", .constant = {}};
  graph.nodes = {x, weight, fc, last};
  graph.inputs = {0};
  graph.outputs = {3, 2};
  graph.rewrites = {"one rewrite"};
  graph.model_sha256 = "00ff";
  return graph;
}

}  // namespace halfulp::test
