// Coefficients in units of the unit roundoff against bit-exact simulation, at every precision they speak of.
#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/analysis/parametric.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "support/random_box.hpp"

namespace halfulp {
namespace {

using test::GraphBuilder;

Format precision(int p) { return make_float(11, p - 1); }

FormatAssignment all_roles(const Graph& graph, int p, const ParametricOptions& options) {
  FormatAssignment formats = uniform_assignment(graph, precision(p));
  for (std::size_t i = 0; i < formats.size(); ++i) {
    NodeFormats& f = formats[i];
    if (options.exact_weights) f.weight.reset(), f.bias.reset();
    if (options.exact_inputs) f.input.reset();
    if (options.rounded_sums && f.output) f.product = f.accumulator = precision(p);
  }
  return formats;
}

InputBox random_box(test::RandomGraph& random, const Graph& graph) {
  return test::box_of_radius(random, graph, random.chance(0.4) ? 0 : random.chance(0.5) ? 0.02 : 0.5);
}

std::vector<Interval> real_values(const LoweredGraph& lowered, const std::vector<std::vector<double>>& inputs) {
  const auto ranges = real_ranges(lowered, test::point_box(inputs), {.engine = Engine::kMpfr});
  return (*ranges)[static_cast<std::size_t>(lowered.graph->outputs[0])];
}

class Containment {
 public:
  explicit Containment(std::uint64_t seed) : seed_(seed), random_(seed) {}

  void run(std::int64_t& checked) {
    const Graph graph = random_.make();
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    ParametricOptions options;
    options.exact_weights = random_.chance(0.3);
    options.exact_inputs = random_.chance(0.3);
    options.rounded_sums = random_.chance(0.5);
    options.analyze.split_boxes = random_.chance(0.2) ? 6 : 0;
    if (random_.chance(0.2)) options.analyze.method = Method::kInterval;
    const InputBox box = random_box(random_, graph);
    const auto analysis = analyze_parametric(*lowered, box, options);
    ASSERT_TRUE(analysis);
    for (const int p : {2, 3, 4, 6, 8, 11, 16, 24, 31, 53}) {
      const auto simulator = Simulator::create(*lowered, all_roles(graph, p, options));
      ASSERT_TRUE(simulator) << simulator.error().message;
      for (int sample = 0; sample < 2; ++sample) check(*lowered, *simulator, *analysis, test::random_point(random_, box), p, checked);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }

 private:
  void check(const LoweredGraph& lowered, const Simulator& simulator, const ParametricAnalysis& analysis,
             const std::vector<std::vector<double>>& inputs, int p, std::int64_t& checked) {
    const auto outputs = simulator.run(inputs);
    ASSERT_TRUE(outputs) << outputs.error().message;
    const auto real = real_values(lowered, inputs);
    // Weights of a batch norm are doubles here, reals in the claim.
    for (std::size_t i = 0; i < real.size(); ++i) {
      const Expansion& y = (*outputs)[0][i];
      const double seen = mignitude(Interval(y.part[0]) + Interval(y.part[1]) + Interval(y.part[2]) - real[i]);
      ASSERT_LE(seen, error_at(analysis, p, i) + 1e-12) << "seed " << seed_ << " p " << p << " element " << i;
      ++checked;
      checked_finite_ += std::isfinite(error_at(analysis, p, i)) ? 1 : 0;
    }
    if (!analysis.keeps_argmax || p < *analysis.keeps_argmax) return;
    std::size_t best = 0;
    for (std::size_t i = 1; i < real.size(); ++i) best = (*outputs)[0][i].part[0] > (*outputs)[0][best].part[0] ? i : best;
    for (const std::int64_t c : analysis.classes) ASSERT_TRUE(c >= 0 && (analysis.classes.size() > 1 || c == static_cast<std::int64_t>(best)));
  }

  std::uint64_t seed_;
  test::RandomGraph random_;

 public:
  std::int64_t checked_finite_ = 0;
};

// Wide and deep: where norms bound what row sums do not (lib/analysis/scaled_norm.hpp).
Graph deep_network(test::RandomGraph& random, std::int64_t layers, std::int64_t width) {
  GraphBuilder b;
  NodeId x = b.input({1, width});
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    std::vector<double> weight, bias;
    for (std::int64_t i = 0; i < width * width; ++i) weight.push_back(random.uniform(-1, 1) * 2.4 / std::sqrt(static_cast<double>(width)));
    for (std::int64_t i = 0; i < width; ++i) bias.push_back(random.uniform(-0.3, 0.3));
    const NodeId skipped = x;
    x = b.add("linear", {x, b.constant({width, width}, weight), b.constant({width}, bias)}, {1, width});
    x = layer % 3 == 1 ? b.add("hardtanh", {x}, {1, width}, {{"min", 0.0}, {"max", 6.0}}) : b.add("relu", {x}, {1, width});
    if (layer % 4 == 3) x = b.add("add", {x, skipped}, {1, width});
  }
  b.graph.outputs = {x};
  return b.graph;
}

// Inverted residual blocks: 1 x 1 convolutions with batch norms, which keep generators (lib/analysis/generators.hpp), around a
// depthwise one.
class Blocks {
 public:
  explicit Blocks(test::RandomGraph& random) : random_(random) {}

  Graph make(std::int64_t count) {
    NodeId x = b_.input({1, kNarrow, kSide, kSide});
    for (std::int64_t block = 0; block < count; ++block) {
      const NodeId skipped = x;
      x = clamped(norm(conv(x, kWide, 1, 1)));
      x = clamped(norm(conv(x, kWide, 3, kWide)));
      x = norm(conv(x, kNarrow, 1, 1));
      if (block % 3 != 2) x = b_.add("add", {x, skipped}, b_.graph[x].shape);
    }
    b_.graph.outputs = {b_.add("mean", {x}, {1, kNarrow}, {{"dims", std::vector<std::int64_t>{2, 3}}, {"keepdim", false}})};
    return b_.graph;
  }

 private:
  static constexpr std::int64_t kNarrow = 6, kWide = 20, kSide = 4;

  std::vector<double> values(std::int64_t count, double low, double high) {
    std::vector<double> result;
    for (std::int64_t i = 0; i < count; ++i) result.push_back(random_.uniform(low, high));
    return result;
  }
  NodeId conv(NodeId x, std::int64_t channels, std::int64_t kernel, std::int64_t groups) {
    const std::int64_t per_group = b_.graph[x].shape[1] / groups, depth = per_group * kernel * kernel;
    const double size = 1.8 / std::sqrt(static_cast<double>(depth));
    const std::vector<std::int64_t> ones = {1, 1}, padding(2, kernel / 2);
    return b_.add("conv", {x, b_.constant({channels, per_group, kernel, kernel}, values(channels * depth, -size, size))},
                  {1, channels, kSide, kSide}, {{"stride", ones}, {"padding", padding}, {"dilation", ones}, {"groups", groups}});
  }
  NodeId norm(NodeId x) {
    const std::int64_t n = b_.graph[x].shape[1];
    return b_.add("batch_norm", {x, b_.constant({n}, values(n, 0.7, 1.4)), b_.constant({n}, values(n, -0.3, 0.6)), b_.constant({n}, values(n, -0.2, 0.2)),
                                 b_.constant({n}, values(n, 0.3, 1.2))}, b_.graph[x].shape, {{"eps", 1e-5}});
  }
  NodeId clamped(NodeId x) { return b_.add("hardtanh", {x}, b_.graph[x].shape, {{"min", 0.0}, {"max", 6.0}}); }

  test::RandomGraph& random_;
  GraphBuilder b_;
};

// Simulated errors of the network at one point, at many precisions; counts bounds below 1.
int check_deep(const Graph& graph, test::RandomGraph& random, std::uint64_t seed) {
  int bounded = 0;
  const auto lowered = lower(graph);
  EXPECT_TRUE(lowered);
  const InputBox box = test::box_of_radius(random, graph, 0);
  ParametricOptions options;
  options.analyze.work_limit = 0;
  const auto analysis = analyze_parametric(*lowered, box, options);
  EXPECT_TRUE(analysis);
  const auto inputs = test::random_point(random, box);
  const auto real = real_values(*lowered, inputs);
  for (const int p : {8, 11, 16, 20, 24, 28, 32, 40, 48}) {
    const auto outputs = (*Simulator::create(*lowered, all_roles(graph, p, options))).run(inputs);
    EXPECT_TRUE(outputs);
    for (std::size_t i = 0; i < real.size(); ++i) {
      const Expansion& y = (*outputs)[0][i];
      const double seen = mignitude(Interval(y.part[0]) + Interval(y.part[1]) + Interval(y.part[2]) - real[i]);
      EXPECT_LE(seen, error_at(*analysis, p, i) + 1e-13) << "seed " << seed << " p " << p << " element " << i;
      bounded += error_at(*analysis, p, i) < 1 ? 1 : 0;
    }
  }
  return bounded;
}

TEST(Parametric, BoundsHoldInDeepNetworks) {
  int bounded = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    test::RandomGraph random(seed);
    bounded += check_deep(deep_network(random, 16, 32), random, seed);
  }
  EXPECT_GT(bounded, 500);
}

TEST(Parametric, BoundsHoldInDeepConvolutionalNetworks) {
  int bounded = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    test::RandomGraph random(seed);
    bounded += check_deep(Blocks(random).make(2 + static_cast<std::int64_t>(seed % 5)), random, seed);
  }
  EXPECT_GT(bounded, 100);
}

TEST(Parametric, BoundsHoldAtEveryPrecision) {
  std::int64_t checked = 0, finite = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Containment one(seed);
    one.run(checked);
    finite += one.checked_finite_;
    if (HasFatalFailure()) return;
  }
  std::printf("values checked: %lld, with a finite bound: %lld\n", static_cast<long long>(checked), static_cast<long long>(finite));
  EXPECT_GT(finite, checked / 2);
}

// The bound at one precision, out of a run for all of them, against an analysis for that precision alone. Weights are exact: one analysis
// knows their residuals with sign, a statement about all precisions cannot.
TEST(Parametric, IsNearAnAnalysisOfOnePrecision) {
  int near = 0, compared = 0;
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    test::RandomGraph random(seed);
    const Graph graph = random.make();
    const auto lowered = lower(graph);
    const InputBox box = random_box(random, graph);
    ParametricOptions options;
    options.exact_weights = true;
    const auto parametric = analyze_parametric(*lowered, box, options);
    const auto direct = analyze_box(*lowered, all_roles(graph, 16, options), box);
    ASSERT_TRUE(parametric && direct);
    double bound = 0;
    for (std::size_t i = 0; i < direct->nodes[static_cast<std::size_t>(graph.outputs[0])].real.size(); ++i) bound = std::max(bound, error_at(*parametric, 16, i));
    if (!(direct->max_error > 0)) continue;
    const double ratio = bound / direct->max_error;
    ++compared;
    near += ratio < 2 ? 1 : 0;
    sum += std::log(ratio);
  }
  std::printf("ratio to the analysis of p = 16: geometric mean %.3f, below 2 in %d of %d\n", std::exp(sum / compared), near, compared);
  EXPECT_GT(near, compared * 3 / 4);
}

// x y of two inputs in [1, 2): three roundings, and no more.
TEST(Parametric, FirstOrderCoefficientOfAProduct) {
  GraphBuilder b;
  const NodeId x = b.input({1, 1}), y = b.input({1, 1});
  b.graph.outputs = {b.add("mul", {x, y}, {1, 1})};
  const auto lowered = lower(b.graph);
  const auto analysis = analyze_parametric(*lowered, {{Interval(1, 1.75)}, {Interval(1, 1.75)}});
  ASSERT_TRUE(analysis);
  // |x| u' + |y| u' + binade of x y, where each input errs by its binade 1.
  EXPECT_NEAR(analysis->rungs.back().absolute[0], 1.75 + 1.75 + 2, 1e-9);
  EXPECT_GT(analysis->rungs.front().absolute[0], analysis->rungs.back().absolute[0]);
  EXPECT_EQ(error_at(*analysis, 1, 0), HUGE_VAL);
}

}  // namespace
}  // namespace halfulp
