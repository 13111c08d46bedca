// Bounds with a probability: simulated with many seeds, they fail no more often than they may; elsewhere they are the proved bounds.
#include <gtest/gtest.h>

#include "halfulp/analysis/probable.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "support/random_box.hpp"

namespace halfulp {
namespace {

Interval value_of(const Expansion& x) { return Interval(x.part[0]) + Interval(x.part[1]) + Interval(x.part[2]); }

struct Net {
  Graph graph;
  FormatAssignment formats;
  std::vector<double> sample;
};

// Dense layers with ReLUs between them, everything rounded stochastically.
Net dense(std::uint64_t seed, const std::vector<std::int64_t>& widths, const std::string& format) {
  test::RandomGraph random(seed);
  test::GraphBuilder b;
  NodeId x = b.input({1, widths[0]});
  for (std::size_t layer = 1; layer < widths.size(); ++layer) {
    std::vector<double> weights;
    for (std::int64_t i = 0; i < widths[layer] * widths[layer - 1]; ++i) weights.push_back(static_cast<double>(random.integer(-128, 128)) / 256);
    x = b.add("linear", {x, b.constant({widths[layer], widths[layer - 1]}, std::move(weights))}, {1, widths[layer]});
    if (layer + 1 < widths.size()) x = b.add("relu", {x}, {1, widths[layer]});
  }
  b.graph.outputs = {x};
  Net net{.graph = b.graph, .formats = FormatAssignment(b.graph.nodes.size()), .sample = {}};
  for (std::size_t i = 0; i < net.graph.nodes.size(); ++i) {
    if (net.graph.nodes[i].op != "linear") continue;
    net.formats[i].output = net.formats[i].accumulator = net.formats[i].product = *parse_format(format);
  }
  for (std::int64_t i = 0; i < widths[0]; ++i) net.sample.push_back(static_cast<double>(random.integer(-64, 64)) / 64);
  return net;
}

// Runs that leave the bounds of some output.
int failures(const Net& net, const LoweredGraph& lowered, const ProbableAnalysis& analysis, int runs) {
  const InputBox box = test::point_box({net.sample});
  const auto exact = analyze_box(lowered, std::nullopt, box);
  const auto output = static_cast<std::size_t>(net.graph.outputs[0]);
  int failed = 0;
  for (int run = 0; run < runs; ++run) {
    const auto simulator = Simulator::create(lowered, net.formats, {.seed = static_cast<std::uint64_t>(run)});
    const auto outputs = simulator->run({net.sample}, 0);
    bool within = true;
    for (std::size_t e = 0; e < analysis.error[0].size(); ++e) {
      const Interval difference = value_of((*outputs)[0][e]) - exact->nodes[output].real[e];
      within = within && mignitude(difference) <= analysis.error[0][e];
    }
    failed += within ? 0 : 1;
  }
  return failed;
}

void expect_kept(const Net& net, double failure, int runs, double at_most_of_proved) {
  const auto lowered = lower(net.graph);
  const auto analysis = analyze_probable(*lowered, net.formats, test::point_box({net.sample}), failure);
  ASSERT_TRUE(analysis) << analysis.error().message;
  EXPECT_LE(analysis->max_error, at_most_of_proved * analysis->proved.max_error);
  EXPECT_GT(analysis->max_error, 0);
  EXPECT_LE(failures(net, *lowered, *analysis, runs), failure * runs);
}

TEST(Probable, LongSumsKeepTheirBound) { expect_kept(dense(1, {512, 4}, "fixed<24,12>:stochastic"), 0.1, 200, 0.2); }
TEST(Probable, FloatSumsKeepTheirBound) { expect_kept(dense(2, {256, 4}, "bf16:stochastic<16>"), 0.1, 200, 0.4); }
TEST(Probable, FewRandomBitsLeaveABias) { expect_kept(dense(3, {200, 4}, "fixed<20,12>:stochastic<2>"), 0.1, 200, 0.6); }
TEST(Probable, DeepNetworksKeepTheirBound) { expect_kept(dense(4, {64, 48, 32, 4}, "fixed<24,12>:stochastic<16>"), 0.1, 150, 0.7); }

// A bias of one random bit accumulates: the bound must follow it.
TEST(Probable, OneRandomBitIsNearlyTruncation) { expect_kept(dense(5, {300, 2}, "fixed<20,12>:stochastic<1>"), 0.05, 100, 1.0); }

TEST(Probable, NeverAboveWhatIsProved) {
  int narrower = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    test::RandomGraph random(seed);
    const Graph graph = random.make();
    FormatAssignment formats = random.formats(graph);
    for (NodeFormats& f : formats) {
      for (auto* format : {&f.output, &f.accumulator, &f.product, &f.input}) {
        if (*format && random.chance(0.7)) (*format)->rounding = RoundingMode::kStochastic;
      }
    }
    const auto lowered = lower(graph);
    const InputBox box = test::box_of_radius(random, graph, random.chance(0.5) ? 0 : 0.1);
    for (const Engine engine : {Engine::kFast, Engine::kMpfr}) {
      const auto analysis = analyze_probable(*lowered, formats, box, 1e-3, {.engine = engine});
      if (!analysis) continue;
      EXPECT_LE(analysis->max_error, analysis->proved.max_error) << seed;
      narrower += analysis->max_error < analysis->proved.max_error ? 1 : 0;
    }
  }
  EXPECT_GT(narrower, 10);
}

TEST(Probable, RefusesWhatIsNoProbability) {
  const Net net = dense(1, {4, 2}, "bf16:stochastic");
  const auto lowered = lower(net.graph);
  for (const double failure : {0.0, 1.0, -1.0}) {
    const auto analysis = analyze_probable(*lowered, net.formats, test::point_box({net.sample}), failure);
    ASSERT_FALSE(analysis);
    EXPECT_EQ(analysis.error().code, "E0606");
  }
}

}  // namespace
}  // namespace halfulp
