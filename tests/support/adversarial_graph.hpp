// Small networks made to break bounds that are true of real arithmetic, or of another order of summation, only (Szasz, Banhelyi,
// Jelasity, "No soundness in the real world", arXiv 2506.01054; Zombori et al., ICLR 2021): sums whose value depends on their
// order, partial sums that overflow where the total does not, cancellation of nearly equal values, constants that absorb what is
// added to them, and pre-activations at the kink.
#pragma once

#include <algorithm>
#include <cmath>

#include "support/containment.hpp"

namespace halfulp::test {

enum class Trap { kOrder, kOverflow, kCancellation, kAbsorption, kKink };
inline constexpr int kTraps = 5;

class AdversarialGraph {
 public:
  explicit AdversarialGraph(std::uint64_t seed) : random_(seed, true), trap_(static_cast<Trap>(seed % kTraps)) {}

  RandomGraph& random() { return random_; }
  Trap trap() const { return trap_; }

  ContainmentCase make() {
    GraphBuilder b;
    NodeId x = b.input({1, random_.integer(2, 8)});
    switch (trap_) {
      case Trap::kOrder: x = order(b, x); break;
      case Trap::kOverflow: x = overflow(b, x); break;
      case Trap::kCancellation: x = cancellation(b, x); break;
      case Trap::kAbsorption: x = absorption(b, x); break;
      case Trap::kKink: x = kink(b, x); break;
    }
    if (random_.chance(0.5)) x = small_linear(b, b.add("relu", {x}, b.graph[x].shape), random_.integer(1, 3));
    b.graph.outputs = {x};
    ContainmentCase c{b.graph, formats(b.graph), {}};
    c.box = box_of_radius(random_, c.graph, random_.chance(0.3) ? 0 : std::ldexp(1.0, -static_cast<int>(random_.integer(0, 12))));
    return c;
  }

 private:
  std::int64_t depth_of(GraphBuilder& b, NodeId x) { return b.graph[x].shape.back(); }

  NodeId linear(GraphBuilder& b, NodeId x, std::vector<double> weight, std::vector<double> bias) {
    const auto width = static_cast<std::int64_t>(bias.size());
    return b.add("linear", {x, b.constant({width, depth_of(b, x)}, std::move(weight)), b.constant({width}, std::move(bias))}, {1, width});
  }

  std::vector<double> values(std::int64_t count, double scale) {
    std::vector<double> result;
    for (std::int64_t i = 0; i < count; ++i) result.push_back(random_.uniform(-scale, scale));
    return result;
  }

  NodeId small_linear(GraphBuilder& b, NodeId x, std::int64_t width) {
    return linear(b, x, values(width * depth_of(b, x), 1), values(width, 0.5));
  }

  // M and -M stand at random places of each row, small weights between: the sum depends on where the large terms meet.
  NodeId order(GraphBuilder& b, NodeId x) {
    x = b.add("cat", {x, x, x}, {1, 3 * depth_of(b, x)}, {{"dim", std::int64_t{1}}});
    const std::int64_t depth = depth_of(b, x), third = depth / 3, width = random_.integer(1, 4);
    std::vector<double> weight = values(width * depth, 1);
    for (std::int64_t row = 0; row < width; ++row) {
      const double large = std::ldexp(1.0, static_cast<int>(random_.integer(4, 14)));
      const std::int64_t twin = random_.integer(0, third - 1);
      weight[static_cast<std::size_t>(row * depth + twin)] = large;
      weight[static_cast<std::size_t>(row * depth + third * random_.integer(1, 2) + twin)] = -large;
    }
    return linear(b, x, std::move(weight), values(width, 1));
  }

  // Partial sums pass what the accumulator can hold; the total comes back.
  NodeId overflow(GraphBuilder& b, NodeId x) {
    const std::int64_t depth = depth_of(b, x), width = random_.integer(1, 4);
    std::vector<double> weight;
    const double large = std::ldexp(1.0, static_cast<int>(random_.integer(2, 17)));
    for (std::int64_t i = 0; i < width * depth; ++i) weight.push_back((i % 2 == 0 ? large : -large) * random_.uniform(0.5, 1));
    std::vector<double> bias;
    for (std::int64_t i = 0; i < width; ++i) bias.push_back(random_.uniform(-large, large));
    return linear(b, x, std::move(weight), std::move(bias));
  }

  // (f(x) - g(x)) * scale, where g is f but for a last digit.
  NodeId cancellation(GraphBuilder& b, NodeId x) {
    const std::int64_t width = random_.integer(1, 4);
    std::vector<double> weight = values(width * depth_of(b, x), 2), bias = values(width, 1);
    const NodeId f = linear(b, x, weight, bias);
    for (double& w : weight) w += random_.chance(0.3) ? std::ldexp(w, -static_cast<int>(random_.integer(8, 50))) : 0;
    const NodeId g = linear(b, x, std::move(weight), std::move(bias));
    const NodeId difference = b.add("sub", {f, g}, {1, width});
    const double scale = std::ldexp(1.0, static_cast<int>(random_.integer(0, 12)));
    return b.add("mul", {difference, b.constant({}, {scale})}, {1, width});
  }

  // relu(w x + M) - M: what is left of w x depends on the format alone.
  NodeId absorption(GraphBuilder& b, NodeId x) {
    const std::int64_t width = random_.integer(1, 4);
    const double large = std::ldexp(random_.chance(0.5) ? 1.0 : 1.5, static_cast<int>(random_.integer(3, 26)));
    NodeId y = linear(b, x, values(width * depth_of(b, x), 1), std::vector<double>(static_cast<std::size_t>(width), large));
    y = b.add("relu", {y}, {1, width});
    return b.add("sub", {y, b.constant({}, {large})}, {1, width});
  }

  // Integer weights and inputs near integers: pre-activations at zero, layer after layer.
  NodeId kink(GraphBuilder& b, NodeId x) {
    const std::int64_t layers = random_.integer(2, 6);
    for (std::int64_t layer = 0; layer < layers; ++layer) {
      const std::int64_t width = random_.integer(2, 6), depth = depth_of(b, x);
      std::vector<double> weight;
      for (std::int64_t i = 0; i < width * depth; ++i) weight.push_back(static_cast<double>(random_.integer(-1, 1)));
      std::vector<double> bias;
      for (std::int64_t i = 0; i < width; ++i) bias.push_back(static_cast<double>(random_.integer(-1, 1)) / 2);
      x = b.add("relu", {linear(b, x, std::move(weight), std::move(bias))}, {1, width});
    }
    return x;
  }

  // Narrow accumulators in every order; float16 and its relatives, with infinities or saturating, wrapping fixed point.
  FormatAssignment formats(const Graph& graph) {
    static const char* accumulators[] = {"fp16",  "fp16:infinity", "bf16",        "e5m2",         "e5m2:infinity",  "e4m3", "fp32",
                                         "fixed<16,8>", "fixed<16,8>:wrap", "fixed<12,10>:wrap", "fp16:toward-zero", "fp16:stochastic<4>"};
    FormatAssignment assignment(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      NodeFormats& f = assignment[i];
      const std::string& op = graph.nodes[i].op;
      if (op == "input" && random_.chance(0.5)) f.input = random_.array_format(false);
      if (op == "input" || op == "constant") continue;
      const bool wide = random_.chance(0.5);
      f.output = wide ? *parse_format(random_.chance(0.5) ? "fp16" : "fp32") : random_.array_format(true);
      if (op != "linear") continue;
      if (random_.chance(0.7)) f.weight = wide ? *parse_format("fp16") : random_.array_format(true);
      if (random_.chance(0.7)) f.bias = wide ? *parse_format("fp32") : random_.array_format(true);
      if (random_.chance(0.3)) f.product = *parse_format(accumulators[random_.integer(0, 11)]);
      if (random_.chance(0.8)) f.accumulator = *parse_format(accumulators[random_.integer(0, 11)]);
      f.order.kind = static_cast<SummationOrder::Kind>(random_.integer(0, 2));
      f.order.block = random_.integer(1, 5);
    }
    return assignment;
  }

  RandomGraph random_;
  Trap trap_;
};

}  // namespace halfulp::test
