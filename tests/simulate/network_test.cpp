// Whole networks through lower(): paths taken, reproducibility, the float reference.
#include <cmath>
#include <thread>

#include "compare.hpp"

namespace halfulp::testing {
namespace {

// A multilayer perceptron with relu between its layers.
Graph perceptron(const std::vector<std::int64_t>& widths, Random& random) {
  Graph graph;
  const auto append = [&](Node node) {
    graph.nodes.push_back(std::move(node));
    return static_cast<NodeId>(graph.nodes.size() - 1);
  };
  NodeId x = append({.name = "x", .op = "input", .inputs = {}, .attributes = {}, .shape = {widths[0]}, .source = {}, .constant = {}});
  graph.inputs = {x};
  for (std::size_t layer = 1; layer < widths.size(); ++layer) {
    const std::string name = "fc" + std::to_string(layer);
    const std::int64_t in = widths[layer - 1], out = widths[layer];
    const auto constant = [&](const std::string& role, const Shape& shape, double scale) {
      Node node{.name = name + role, .op = "constant", .inputs = {}, .attributes = {}, .shape = shape, .source = {}, .constant = {}};
      for (std::int64_t i = 0; i < element_count(shape); ++i) {
        node.constant.push_back(static_cast<float>(scale * (static_cast<double>(pick(random, 0, 1 << 20)) / (1 << 19) - 1)));
      }
      return append(std::move(node));
    };
    const NodeId w = constant(".weight", {out, in}, 2 / std::sqrt(static_cast<double>(in)));
    const NodeId b = constant(".bias", {out}, 0.5);
    x = append({.name = name, .op = "linear", .inputs = {x, w, b}, .attributes = {}, .shape = {out}, .source = {}, .constant = {}});
    if (layer + 1 == widths.size()) break;
    x = append({.name = name + ".relu", .op = "relu", .inputs = {x}, .attributes = {}, .shape = {out}, .source = {}, .constant = {}});
  }
  graph.outputs = {x};
  return graph;
}

std::vector<double> bits_of(const std::vector<std::vector<Expansion>>& outputs) {
  std::vector<double> result;
  for (const auto& output : outputs) {
    for (const Expansion& x : output) result.insert(result.end(), x.part.begin(), x.part.end());
  }
  return result;
}

TEST(Network, AUniformFixedFormatTakesTheExactPathEverywhere) {
  Random random(21);
  const Graph graph = perceptron({64, 128, 128, 128, 10}, random);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  const auto formats = uniform_assignment(graph, make_fixed(16, 6));
  const auto fast = Simulator::create(*lowered, formats), slow = Simulator::create(*lowered, formats, {.force_rounded_path = true});
  ASSERT_TRUE(fast && slow);
  EXPECT_EQ(fast->exact_path_nodes().size(), 4u);
  EXPECT_TRUE(slow->exact_path_nodes().empty());
  for (int sample = 0; sample < 20; ++sample) {
    const auto x = random_values(random, 64);
    EXPECT_EQ(bits_of(fast->run({x}).value()), bits_of(slow->run({x}).value()));
  }
}

TEST(Network, StochasticResultsDependOnSeedAndSampleOnly) {
  Random random(22);
  const Graph graph = perceptron({8, 16, 4}, random);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  auto formats = uniform_assignment(graph, *parse_format("fixed<16,6>:stochastic<12>"));
  for (auto& f : formats) {
    if (f.output) f.accumulator = *parse_format("fixed<14,6>:stochastic");
  }
  const auto simulator = Simulator::create(*lowered, formats, {.seed = 3});
  const auto other_seed = Simulator::create(*lowered, formats, {.seed = 4});
  ASSERT_TRUE(simulator && other_seed);
  const auto x = random_values(random, 8);
  const auto once = bits_of(simulator->run({x}, 7).value());
  EXPECT_NE(once, bits_of(simulator->run({x}, 8).value()));
  EXPECT_NE(once, bits_of(other_seed->run({x}, 7).value()));
  std::vector<double> in_thread;
  std::thread worker([&] {
    for (std::uint64_t s = 0; s < 10; ++s) (void)simulator->run({x}, s);
    in_thread = bits_of(simulator->run({x}, 7).value());
  });
  EXPECT_EQ(once, bits_of(simulator->run({x}, 7).value()));
  worker.join();
  EXPECT_EQ(once, in_thread);
}

// Formats far finer than float32 bring the deployed network to the float reference.
TEST(Network, FineFormatsApproachTheFloatReference) {
  Random random(23);
  const Graph graph = perceptron({10, 20, 5}, random);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  const auto simulator = Simulator::create(*lowered, uniform_assignment(graph, make_fixed(100, 20)));
  ASSERT_TRUE(simulator);
  std::vector<double> x(10);
  for (double& value : x) value = static_cast<double>(pick(random, -100, 100)) / 64;
  const auto simulated = simulator->run({x}).value()[0];
  const auto reference = run_float(*lowered, {x})[0], single = run_float(*lowered, {x}, true)[0];
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(reference[i], simulated[i].part[0], 1e-13);
    EXPECT_NEAR(single[i], reference[i], 1e-5);
    EXPECT_EQ(single[i], static_cast<float>(single[i]));
  }
}

}  // namespace
}  // namespace halfulp::testing
