// Builds small graphs by hand or at random, for property tests of the analysis against the simulator.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "halfulp/graph/graph.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp::test {

class GraphBuilder {
 public:
  NodeId input(Shape shape) {
    const NodeId id = add("input", {}, std::move(shape));
    graph.inputs.push_back(id);
    return id;
  }
  NodeId constant(Shape shape, std::vector<double> values) {
    const NodeId id = add("constant", {}, std::move(shape));
    graph[id].constant = std::move(values);
    return id;
  }
  NodeId add(const std::string& op, std::vector<NodeId> inputs, Shape shape, std::map<std::string, Attribute> attributes = {}) {
    Node node;
    node.name = op + "_" + std::to_string(graph.nodes.size());
    node.op = op;
    node.inputs = std::move(inputs);
    node.shape = std::move(shape);
    node.attributes = std::move(attributes);
    graph.nodes.push_back(std::move(node));
    return static_cast<NodeId>(graph.nodes.size() - 1);
  }
  Graph graph;
};

class RandomGraph {
 public:
  // `every_family`: formats of all families, those with a shared scale included.
  explicit RandomGraph(std::uint64_t seed, bool every_family = false) : random_(seed), every_family_(every_family) {}

  double uniform(double low, double high) { return low + (high - low) * static_cast<double>(random_() >> 11) * 0x1p-53; }
  std::int64_t integer(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(double p) { return uniform(0, 1) < p; }

  // A dense or a convolutional net of a few layers with every kind of form mixed in.
  Graph make() {
    GraphBuilder b;
    return chance(0.5) ? dense(b) : convolutional(b);
  }

  Format format(bool wide) {
    static const char* floats[] = {"fp32", "fp16", "bf16", "e5m2", "e4m3", "tf32", "float<6,9>"};
    static const char* roundings[] = {"", ":nearest-away", ":toward-zero", ":up", ":down", ":odd", ":nearest-zero", ":stochastic<8>"};
    static const char* overflows[] = {"", "", "", ":wrap", ":saturate-symmetric"};
    std::string name;
    if (chance(0.6)) {
      const std::int64_t integer_bits = integer(2, wide ? 12 : 6);
      name = "fixed<" + std::to_string(integer_bits + integer(2, wide ? 40 : 12)) + "," + std::to_string(integer_bits) + ">";
      if (chance(0.3)) name += roundings[integer(0, 7)];
      if (chance(0.2)) name += overflows[integer(0, 4)];
    } else {
      name = floats[integer(0, 6)];
      if (chance(0.3)) name += roundings[integer(0, 7)];
    }
    return *parse_format(name);
  }

  // A format for whole arrays: of any family, if asked for.
  Format array_format(bool wide) {
    if (!every_family_ || chance(0.4)) return format(wide);
    static const char* elements[] = {"posit<8,1>", "posit<16,1>", "posit<12,2>", "takum<12>", "lns<10,4>", "int<8>", "int<6>:asymmetric",
                                     "uint<8>", "int<8>@channel", "dynamic-fixed<8>", "bfp<8,4>", "bfp<5,16>", "mx<e4m3,8>", "mx<e2m1,32>",
                                     "mx<int8,4>:scale-ceil", "mx<e5m2,3>:scale-even", "nvfp4"};
    static const char* roundings[] = {"", "", "", ":toward-zero", ":nearest-away", ":stochastic<8>"};
    const std::string name = elements[integer(0, 16)];
    const auto with_mode = parse_format(name + roundings[integer(0, 5)]);
    return with_mode ? *with_mode : *parse_format(name);
  }

  FormatAssignment formats(const Graph& graph) {
    const bool wide = chance(0.2);
    FormatAssignment assignment(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      NodeFormats& f = assignment[i];
      if (graph.nodes[i].op == "input" && chance(0.5)) f.input = array_format(wide);
      if (graph.nodes[i].op == "input" || graph.nodes[i].op == "constant") continue;
      f.output = array_format(wide);
      if (chance(0.8)) f.weight = array_format(wide);
      if (chance(0.8)) f.bias = array_format(wide);
      if (chance(0.2)) f.product = format(wide);
      if (chance(0.3)) f.accumulator = format(wide);
      const std::int64_t order = integer(0, 2);
      f.order.kind = static_cast<SummationOrder::Kind>(order);
      f.order.block = integer(1, 4);
    }
    return assignment;
  }

 private:
  std::vector<double> values(std::int64_t count, double scale) {
    std::vector<double> result;
    for (std::int64_t i = 0; i < count; ++i) {
      const double x = uniform(-scale, scale);
      result.push_back(chance(0.5) ? static_cast<double>(static_cast<float>(x)) : x);
    }
    return result;
  }

  NodeId activation(GraphBuilder& b, NodeId x) {
    const Shape shape = b.graph[x].shape;
    switch (integer(0, 9)) {
      case 0: return b.add("tanh", {x}, shape);
      case 1: return b.add("sigmoid", {x}, shape);
      case 2: return b.add("leaky_relu", {x}, shape, {{"slope", 0.1}});
      case 3: return b.add("hardtanh", {x}, shape, {{"min", -1.0}, {"max", 1.5}});
      case 4: return b.add("abs", {x}, shape);
      case 5: return b.add("pow", {x}, shape, {{"exponent", std::int64_t{2}}});
      default: return b.add("relu", {x}, shape);
    }
  }

  NodeId mix(GraphBuilder& b, NodeId x) {
    const Shape shape = b.graph[x].shape;
    const std::int64_t count = element_count(shape);
    switch (integer(0, 7)) {
      case 0: return b.add("add", {x, b.add("neg", {x}, shape)}, shape);
      case 1: return b.add("mul", {x, b.add("sigmoid", {x}, shape)}, shape);
      case 2: return b.add("add", {x, b.constant(shape, values(count, 1))}, shape);
      case 3: return b.add("mul", {x, b.constant({}, values(1, 2))}, shape);
      case 4: return b.add("div", {x, b.constant({}, {3.0})}, shape);
      case 5: return b.add("sub", {b.constant({}, {1.0}), x}, shape);
      case 6: return b.add("softmax", {x}, shape, {{"dim", static_cast<std::int64_t>(shape.size()) - 1}});
      default: return x;
    }
  }

  NodeId linear(GraphBuilder& b, NodeId x, std::int64_t width) {
    const std::int64_t depth = b.graph[x].shape.back();
    std::vector<NodeId> inputs = {x, b.constant({width, depth}, values(width * depth, 2.0 / static_cast<double>(depth) + 0.3))};
    if (chance(0.8)) inputs.push_back(b.constant({width}, values(width, 0.5)));
    return b.add("linear", inputs, {b.graph[x].shape[0], width});
  }

  Graph dense(GraphBuilder& b) {
    NodeId x = b.input({1, integer(1, 5)});
    const std::int64_t layers = integer(1, 4);
    for (std::int64_t layer = 0; layer < layers; ++layer) {
      x = linear(b, x, integer(1, 8));
      if (layer + 1 < layers || chance(0.3)) x = activation(b, x);
      if (chance(0.4)) x = mix(b, x);
    }
    b.graph.outputs = {x};
    return b.graph;
  }

  Graph convolutional(GraphBuilder& b) {
    const std::int64_t channels = integer(1, 3), side = integer(4, 6);
    NodeId x = b.input({1, channels, side, side});
    const std::int64_t groups = chance(0.3) ? channels : 1, out = groups * integer(1, 3);
    const std::vector<std::int64_t> ones = {1, 1};
    std::vector<NodeId> inputs = {x, b.constant({out, channels / groups, 3, 3}, values(out * channels / groups * 9, 0.6))};
    if (chance(0.7)) inputs.push_back(b.constant({out}, values(out, 0.3)));
    x = b.add("conv", inputs, {1, out, side, side},
              {{"stride", ones}, {"padding", ones}, {"dilation", ones}, {"groups", groups}});
    if (chance(0.4)) {
      std::vector<double> variance;
      for (std::int64_t c = 0; c < out; ++c) variance.push_back(uniform(0.5, 2));
      x = b.add("batch_norm", {x, b.constant({out}, values(out, 1.5)), b.constant({out}, values(out, 0.5)),
                               b.constant({out}, values(out, 0.5)), b.constant({out}, variance)},
                b.graph[x].shape, {{"eps", 1e-5}});
    }
    x = activation(b, x);
    x = pooled(b, x, out, side);
    const std::int64_t flat = element_count(b.graph[x].shape);
    x = b.add("reshape", {x}, {1, flat});
    x = linear(b, x, integer(1, 4));
    b.graph.outputs = {x};
    return b.graph;
  }

  NodeId pooled(GraphBuilder& b, NodeId x, std::int64_t channels, std::int64_t side) {
    const std::vector<std::int64_t> two = {2, 2}, none = {0, 0}, ones = {1, 1};
    const Shape shape = {1, channels, side / 2, side / 2};
    switch (integer(0, 2)) {
      case 0: return b.add("max_pool", {x}, shape, {{"kernel", two}, {"stride", two}, {"padding", none}, {"dilation", ones}});
      case 1: return b.add("avg_pool", {x}, shape, {{"kernel", two}, {"stride", two}, {"padding", none}, {"count_include_pad", true}});
      default: return b.add("mean", {x}, {1, channels}, {{"dims", std::vector<std::int64_t>{2, 3}}, {"keepdim", false}});
    }
  }

  std::mt19937_64 random_;
  bool every_family_;
};

}  // namespace halfulp::test
