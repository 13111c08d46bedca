// Every bound of the analysis against simulated values; tests/analysis/campaign.cpp runs the same check at any length.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/adversarial_graph.hpp"
#include "support/containment.hpp"

namespace halfulp {
namespace {

using test::ContainmentCase;
using test::ContainmentCount;

// Random graphs of one seed; `samples` inputs each.
void check_seed(std::uint64_t seed, int samples, Engine engine, ContainmentCount& count, bool every_family = false) {
  test::RandomGraph random(seed, every_family);
  const ContainmentCase c = test::random_case(random);
  AnalyzeOptions options{.engine = engine};
  options.layer_errors = random.chance(0.5);
  if (random.chance(0.2)) options.method = Method::kInterval;
  ASSERT_EQ(test::check_case(c, options, seed, samples, random, count), "") << "seed " << seed;
}

void check_many(bool every_family, std::uint64_t graphs) {
  ContainmentCount count;
  for (std::uint64_t seed = 1; seed <= graphs; ++seed) {
    check_seed(seed, 8, Engine::kFast, count, every_family);
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(count.values, static_cast<std::int64_t>(graphs));
}

TEST(Containment, RandomGraphsUnderRandomSchedules) { check_many(false, 1500); }
TEST(Containment, RandomGraphsUnderSchedulesOfEveryFamily) { check_many(true, 1000); }

TEST(Containment, AdversarialNetworks) {
  ContainmentCount count;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    test::AdversarialGraph adversary(seed);
    const ContainmentCase c = adversary.make();
    ASSERT_EQ(test::check_case(c, {}, seed, 8, adversary.random(), count), "") << "seed " << seed;
  }
  EXPECT_GT(count.values, 1500);
}

// tanh(W x) twice, each layer under the formats of its twin; then (a - b) s + a b. A stochastic twin draws for itself.
ContainmentCase twins(test::RandomGraph& random, bool stochastic) {
  test::GraphBuilder b;
  const std::int64_t depth = random.integer(1, 4), width = random.integer(1, 4);
  const NodeId x = b.input({1, depth});
  std::vector<double> weight;
  for (std::int64_t i = 0; i < width * depth; ++i) weight.push_back(random.uniform(-1, 1));
  std::vector<NodeId> first, second;
  for (auto* twin : {&first, &second}) {
    twin->push_back(b.add("linear", {x, b.constant({width, depth}, weight)}, {1, width}));
    twin->push_back(b.add("tanh", {twin->back()}, {1, width}));
  }
  const NodeId difference = b.add("sub", {first.back(), second.back()}, {1, width});
  const NodeId scaled = b.add("mul", {difference, b.constant({}, {1024.0})}, {1, width});
  const NodeId product = b.add("mul", {first.back(), second.back()}, {1, width});
  b.graph.outputs = {b.add("add", {scaled, product}, {1, width})};
  ContainmentCase c{b.graph, random.formats(b.graph), test::box_of_radius(random, b.graph, random.chance(0.3) ? 0 : 0.3)};
  for (std::size_t i = 0; i < first.size(); ++i) {
    NodeFormats& formats = c.formats[static_cast<std::size_t>(first[i])];
    formats.output = *parse_format(stochastic ? "fixed<9,2>:stochastic<8>" : "fixed<9,2>");
    c.formats[static_cast<std::size_t>(second[i])] = formats;
  }
  c.formats[static_cast<std::size_t>(difference)].output.reset();
  return c;
}

TEST(Containment, EqualNodesErrAlike) {
  int cancelled = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    test::RandomGraph random(seed);
    const bool stochastic = seed % 2 == 0;
    const ContainmentCase c = twins(random, stochastic);
    ContainmentCount count;
    ASSERT_EQ(test::check_case(c, {}, seed, 8, random, count), "") << "seed " << seed;
    const auto lowered = lower(c.graph);
    const auto analysis = analyze_box(*lowered, c.formats, c.box);
    if (!analysis || stochastic) continue;
    const auto difference = find_node(c.graph, c.graph.nodes[static_cast<std::size_t>(c.graph.outputs[0]) - 4].name);
    ASSERT_TRUE(difference);
    ASSERT_EQ(c.graph[*difference].op, "sub");
    const auto& error = analysis->nodes[static_cast<std::size_t>(*difference)].error;
    cancelled += std::all_of(error.begin(), error.end(), [](const Interval& e) { return e.lo == 0 && e.hi == 0; }) ? 1 : 0;
  }
  EXPECT_GT(cancelled, 75);  // of 100; elsewhere partial sums wrap
}

TEST(Containment, AffineForms) {
  ContainmentCount count;
  int narrower = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    test::RandomGraph random(seed);
    const ContainmentCase c = test::random_case(random);
    const Engine engine = seed % 8 == 0 ? Engine::kMpfr : Engine::kFast;
    ASSERT_EQ(test::check_case(c, {.engine = engine, .method = Method::kAffine}, seed, 4, random, count), "") << "seed " << seed;
    const auto lowered = lower(c.graph);
    const auto affine = analyze_box(*lowered, std::nullopt, c.box, {.engine = engine, .method = Method::kAffine});
    const auto plain = analyze_box(*lowered, std::nullopt, c.box, {.engine = engine, .method = Method::kInterval});
    ASSERT_TRUE(affine && plain);
    const auto output = static_cast<std::size_t>(c.graph.outputs[0]);
    for (std::size_t i = 0; i < plain->nodes[output].real.size(); ++i) {
      const Interval &a = affine->nodes[output].real[i], &b = plain->nodes[output].real[i];
      const double slack = 1e-13 * (1 + magnitude(b));  // midpoint-radius products are not monotone to the last bit
      ASSERT_TRUE(b.lo - slack <= a.lo && a.hi <= b.hi + slack) << "seed " << seed << " " << test::show(a) << " in " << test::show(b);
      narrower += a.hi - a.lo < 0.9 * (b.hi - b.lo) ? 1 : 0;
    }
  }
  EXPECT_GT(narrower, 100);
}

// x - x through two layers that are each other's inverse: intervals add what affine forms cancel.
TEST(Containment, AffineFormsCancel) {
  test::GraphBuilder b;
  const NodeId x = b.input({1, 2});
  const NodeId h = b.add("linear", {x, b.constant({2, 2}, {1, 1, 1, -1})}, {1, 2});
  const NodeId y = b.add("linear", {h, b.constant({1, 2}, {0.5, 0.5})}, {1, 1});
  b.graph.outputs = {b.add("sub", {y, b.add("slice", {x}, {1, 1}, {{"dim", std::int64_t{1}}, {"start", std::int64_t{0}}})}, {1, 1})};
  const auto lowered = lower(b.graph);
  ASSERT_TRUE(lowered);
  const auto affine = analyze_box(*lowered, std::nullopt, {{Interval(-1, 1), Interval(-1, 1)}}, {.method = Method::kAffine});
  ASSERT_TRUE(affine);
  EXPECT_LT(magnitude(affine->nodes[static_cast<std::size_t>(b.graph.outputs[0])].real[0]), 1e-14);
}

// 1163: a maximum that saturates leaves the coarse grid of its operands, so that a later rounding is not exact.
TEST(Containment, SaturatedValuesLeaveTheGridTheyCameFrom) {
  ContainmentCount count;
  check_seed(1163, 50, Engine::kFast, count);
  EXPECT_GT(count.values, 0);
}

// 60: constants rounded stochastically may be either neighbour, whatever the seed.
TEST(Containment, StochasticConstantsStayOpen) {
  ContainmentCount count;
  for (int run = 0; run < 5; ++run) check_seed(60, 20, Engine::kFast, count);
  EXPECT_GT(count.values, 0);
}

TEST(Containment, ReferenceEngine) {
  ContainmentCount count;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    check_seed(seed, 2, Engine::kMpfr, count);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(count.values, 150);
}

TEST(Engines, FastEnclosesReference) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    test::RandomGraph random(seed);
    const Graph graph = random.make();
    const FormatAssignment formats = random.formats(graph);
    const InputBox box = test::box_of_radius(random, graph, random.chance(0.3) ? 0 : 0.5);
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    AnalyzeOptions fast, reference{.engine = Engine::kMpfr, .bits = 128};
    fast.method = reference.method = Method::kInterval;
    const auto a = analyze_box(*lowered, formats, box, fast), b = analyze_box(*lowered, formats, box, reference);
    ASSERT_EQ(a.has_value(), b.has_value());
    if (!a) continue;
    for (std::size_t node = 0; node < a->nodes.size(); ++node) {
      for (std::size_t e = 0; e < a->nodes[node].real.size(); ++e) {
        const Interval &wide = a->nodes[node].real[e], &narrow = b->nodes[node].real[e];
        ASSERT_TRUE(wide.lo <= narrow.lo && narrow.hi <= wide.hi)
            << "seed " << seed << " node " << node << " [" << wide.lo << ", " << wide.hi << "] [" << narrow.lo << ", " << narrow.hi << "]";
      }
      for (std::size_t e = 0; e < a->nodes[node].error.size(); ++e) {
        const Interval &wide = a->nodes[node].error[e], &narrow = b->nodes[node].error[e];
        ASSERT_TRUE(wide.lo <= narrow.lo && narrow.hi <= wide.hi) << "error, seed " << seed << " node " << graph.nodes[node].name
            << " [" << wide.lo << ", " << wide.hi << "] [" << narrow.lo << ", " << narrow.hi << "]";
      }
    }
  }
}

}  // namespace
}  // namespace halfulp
