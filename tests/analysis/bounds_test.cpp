// Sharpness on cases whose answer is known by hand, and the parts of the analysis one by one.
#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/analysis/analysis.hpp"
#include "support/graph_builder.hpp"

namespace halfulp {
namespace {

using test::GraphBuilder;

BoxAnalysis analysed(const Graph& graph, const std::optional<FormatAssignment>& formats, const InputBox& box,
                     const AnalyzeOptions& options = {}) {
  const auto lowered = lower(graph);
  EXPECT_TRUE(lowered);
  auto analysis = analyze_box(*lowered, formats, box, options);
  EXPECT_TRUE(analysis);
  return *std::move(analysis);
}

TEST(Bounds, CancellationBetweenSignedWeightsIsKept) {
  GraphBuilder b;  // y = x1 - x1 through two rounded copies: forward propagation would add both errors twice
  const NodeId x = b.input({1, 1});
  const NodeId h = b.add("linear", {x, b.constant({2, 1}, {0.3, 0.3})}, {1, 2});
  const NodeId y = b.add("linear", {h, b.constant({1, 2}, {1.0, -1.0})}, {1, 1});
  b.graph.outputs = {y};
  FormatAssignment formats(b.graph.nodes.size());
  formats[static_cast<std::size_t>(h)].weight = make_fixed(8, 2);  // residual is the same in both rows: it cancels
  const BoxAnalysis analysis = analysed(b.graph, formats, {{Interval(-1, 1)}});
  EXPECT_LE(analysis.max_error, 1e-12);
  AnalyzeOptions forward{.method = Method::kInterval};
  EXPECT_GE(analysed(b.graph, formats, {{Interval(-1, 1)}}, forward).max_error, 1e-4);
}

TEST(Bounds, OneRoundingIsHalfAnUlp) {
  GraphBuilder b;
  const NodeId x = b.input({1});
  const NodeId y = b.add("mul", {x, b.constant({}, {0.7})}, {1});
  b.graph.outputs = {y};
  FormatAssignment formats(b.graph.nodes.size());
  formats[static_cast<std::size_t>(y)].output = make_fixed(12, 4);
  EXPECT_EQ(analysed(b.graph, formats, {{Interval(-1, 1)}}).max_error, 0x1p-9);
}

TEST(Bounds, PowersOfTwoScaleFloatsExactly) {
  GraphBuilder b;
  const NodeId x = b.input({1});
  const NodeId y = b.add("mul", {x, b.constant({}, {0.5})}, {1});
  b.graph.outputs = {y};
  FormatAssignment formats(b.graph.nodes.size());
  formats[static_cast<std::size_t>(x)].input = *parse_format("fp16");
  formats[static_cast<std::size_t>(y)].output = *parse_format("fp16");
  const double input_alone = 0x1p-12 * 0.5;  // half an ulp of [0.5, 1), halved
  EXPECT_NEAR(analysed(b.graph, formats, {{Interval(0.5, 1)}}).max_error, input_alone, 0x1p-24);
}

TEST(Bounds, ASumErrsByNoMoreThanWhatIsAddedToAValueOfTheFormat) {
  GraphBuilder b;
  const NodeId x = b.input({1});
  const NodeId y = b.add("add", {x, b.constant({}, {1e-30})}, {1});
  b.graph.outputs = {y};
  FormatAssignment formats(b.graph.nodes.size());
  formats[static_cast<std::size_t>(x)].input = *parse_format("fp32");
  formats[static_cast<std::size_t>(y)].output = *parse_format("fp32");
  // 1 and 2 are values of the format, so that the input's own rounding stays out of this: its share is half an ulp of [1, 2).
  const double bound = analysed(b.graph, formats, {{Interval(1, 2)}}).max_error;
  EXPECT_GE(bound, 0x1p-24);
  EXPECT_LE(bound, 0x1p-24 * (1 + 1e-12));
  formats[static_cast<std::size_t>(y)].output = *parse_format("fp32:up");
  EXPECT_GE(analysed(b.graph, formats, {{Interval(1, 2)}}).max_error, 0x1p-23);
}

TEST(Bounds, SingleDecimalsRoundByWhatTheyAre) {
  GraphBuilder b;
  const NodeId x = b.input({1});
  b.graph.outputs = {b.add("relu", {x}, {1})};
  FormatAssignment formats(b.graph.nodes.size());
  formats[static_cast<std::size_t>(x)].input = *parse_format("fp64");
  const auto tenth = read_decimal("0.1");
  ASSERT_TRUE(tenth);
  EXPECT_EQ(tenth->nearest, 0.1);
  EXPECT_NEAR(tenth->rest.lo, -5.551115123125783e-18, 1e-33);  // 0.1 lies below the nearest double
  EXPECT_LE(tenth->rest.lo, tenth->rest.hi);
  const auto enclosed = enclose_decimal("0.1");
  const InputDecimals decimals = {{*tenth}};
  const AnalyzeOptions options{.decimals = &decimals};
  EXPECT_NEAR(analysed(b.graph, formats, {{*enclosed}}, options).max_error, 5.551115123125783e-18, 1e-30);
  EXPECT_GE(analysed(b.graph, formats, {{*enclosed}}).max_error, 0x1p-57);
}

// Products err by half an ulp of their own bound, partial sums by half an ulp of theirs, which holds the errors so far; the first
// product is added to nothing and the finished sum is a value of the format.
double closed_form(const std::vector<double>& weights) {
  const auto half_ulp = [](double bound) { return std::ldexp(1.0, std::ilogb(bound) - 24); };
  double error = 0, sum = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const double product = std::fabs(weights[k]) + half_ulp(std::fabs(weights[k]));
    error += half_ulp(std::fabs(weights[k]));
    sum += product;
    if (k == 0) continue;
    error += half_ulp(sum);
    sum += half_ulp(sum);
  }
  return error;
}

TEST(Bounds, FloatDotProductsReachTheClosedForm) {
  for (const std::int64_t n : {1, 2, 4, 8, 64, 512}) {
    std::vector<double> weights;
    for (std::int64_t k = 0; k < n; ++k) weights.push_back(static_cast<float>(0.37 * std::cos(1.7 * static_cast<double>(k)) + 0.011));
    GraphBuilder b;
    const NodeId x = b.input({1, n});
    const NodeId y = b.add("linear", {x, b.constant({1, n}, weights)}, {1, 1});
    b.graph.outputs = {y};
    FormatAssignment formats(b.graph.nodes.size());
    NodeFormats& own = formats[static_cast<std::size_t>(y)];
    own.product = own.accumulator = own.output = *parse_format("fp32");
    const InputBox box{std::vector<Interval>(static_cast<std::size_t>(n), Interval(-1, 1))};
    const double bound = analysed(b.graph, formats, box).max_error;
    EXPECT_LE(bound, closed_form(weights) * (1 + 1e-12)) << n;
    EXPECT_GT(bound, 0.3 * closed_form(weights)) << n;
  }
}

TEST(Bounds, DeepNetworksAreSharpAtAPoint) {
  GraphBuilder b;
  NodeId x = b.input({1, 8});
  for (int layer = 0; layer < 60; ++layer) {  // |W| grows by 8 a layer, the values stay near 1
    std::vector<double> weights;
    for (int i = 0; i < 64; ++i) weights.push_back((i / 8 == i % 8 ? 1.0 : 0.0) + (i % 2 == 0 ? 1.1 : -1.1) * ((i / 8 + layer) % 3 - 1));
    x = b.add("linear", {x, b.constant({8, 8}, weights)}, {1, 8});
    x = b.add("tanh", {x}, {1, 8});
  }
  b.graph.outputs = {x};
  const std::vector<double> sample = {0.3, -0.2, 0.7, 0.1, -0.9, 0.4, 0.2, -0.6};
  const InputBox box{std::vector<Interval>(sample.begin(), sample.end())};
  FormatAssignment formats(b.graph.nodes.size());
  const BoxAnalysis analysis = analysed(b.graph, formats, box);
  for (const Interval& y : analysis.nodes[static_cast<std::size_t>(x)].real) EXPECT_LE(width_up(y), 1e-12);
}

TEST(Bounds, OverflowIsNamedWithTheBitsThatRemoveIt) {
  GraphBuilder b;
  const NodeId x = b.input({1});
  const NodeId y = b.add("mul", {x, b.constant({}, {3.0})}, {1});
  b.graph.outputs = {y};
  FormatAssignment formats(b.graph.nodes.size());
  formats[static_cast<std::size_t>(y)].output = make_fixed(8, 2);
  const BoxAnalysis analysis = analysed(b.graph, formats, {{Interval(0, 2)}});
  ASSERT_EQ(analysis.overflows.size(), 1U);
  EXPECT_EQ(analysis.overflows[0].node, y);
  EXPECT_EQ(analysis.overflows[0].missing_bits, 2);  // 6 needs fixed<.,4>: [-8, 8)
  EXPECT_GE(analysis.max_error, 4.0);                // saturation at 2 - 2^-6 loses all of 6
}

TEST(Bounds, BisectionNeverWidens) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    test::RandomGraph random(seed);
    const Graph graph = random.make();
    const FormatAssignment formats = random.formats(graph);
    InputBox box;
    for (std::int64_t i = 0; i < element_count(graph[graph.inputs[0]].shape); ++i) {
      if (box.empty()) box.emplace_back();
      box[0].push_back(i < 3 ? Interval(-0.5, 0.75) : Interval(0.25));
    }
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    AnalyzeOptions split;
    split.split_boxes = 40;
    const auto plain = analyze_box(*lowered, formats, box), bisected = analyze_box(*lowered, formats, box, split);
    ASSERT_EQ(plain.has_value(), bisected.has_value());
    if (plain) { EXPECT_LE(bisected->max_error, plain->max_error) << "seed " << seed; }
  }
}

TEST(Bounds, KnownRangesGiveTheSameBounds) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    test::RandomGraph random(seed);
    const Graph graph = random.make();
    const FormatAssignment formats = random.formats(graph);
    InputBox box(1);
    for (std::int64_t i = 0; i < element_count(graph[graph.inputs[0]].shape); ++i) box[0].push_back(Interval(-0.3, 0.4));
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    const auto ranges = real_ranges(*lowered, box);
    ASSERT_TRUE(ranges);
    AnalyzeOptions known;
    known.known_ranges = &*ranges;
    const auto a = analyze_box(*lowered, formats, box), b = analyze_box(*lowered, formats, box, known);
    ASSERT_EQ(a.has_value(), b.has_value());
    if (a) { EXPECT_EQ(a->max_error, b->max_error) << "seed " << seed; }
  }
}

TEST(DataSets, ArgmaxIsProvedWhereTheMarginExceedsTheDifference) {
  GraphBuilder b;
  const NodeId x = b.input({1, 2});
  const NodeId y = b.add("linear", {x, b.constant({2, 2}, {1.0, 0.0, 0.0, 1.0})}, {1, 2});
  b.graph.outputs = {y};
  const auto lowered = lower(b.graph);
  ASSERT_TRUE(lowered);
  FormatAssignment formats(b.graph.nodes.size());
  formats[static_cast<std::size_t>(y)].output = make_fixed(8, 4);  // half an ulp is 1/32
  DataSet data{.samples = {{{1.0, 0.9}}, {{1.0, 0.99}}, {{0.5, 0.5}}}, .labels = {}, .radius = 0};
  const auto analysis = analyze_data(*lowered, formats, data);
  ASSERT_TRUE(analysis);
  EXPECT_TRUE(analysis->samples[0].argmax_proved);
  EXPECT_FALSE(analysis->samples[1].argmax_proved);  // both may round to 1
  EXPECT_FALSE(analysis->samples[2].argmax_proved);  // the real class is a tie
}

// atan(c2 sin d / (c1 s2 - s1 c2 cos d)), d = lon2 - lon1: only where all four inputs are narrow is the bound low. Halving what helps at
// once, ever again, would end in a corner of the latitudes.
TEST(Split, InputsThatOnlyHelpTogetherAreAllHalved) {
  test::GraphBuilder b;
  std::vector<NodeId> x;
  for (int i = 0; i < 4; ++i) x.push_back(b.input({1}));
  const auto unary = [&](const char* op, NodeId of) { return b.add(op, {of}, {1}); };
  const auto binary = [&](const char* op, NodeId left, NodeId right) { return b.add(op, {left, right}, {1}); };
  const NodeId d = binary("sub", x[3], x[2]);
  const NodeId above = binary("mul", unary("cos", x[1]), unary("sin", d));
  const NodeId near = binary("mul", unary("cos", x[0]), unary("sin", x[1]));
  const NodeId far = binary("mul", binary("mul", unary("sin", x[0]), unary("cos", x[1])), unary("cos", d));
  b.graph.outputs = {unary("atan", binary("div", above, binary("sub", near, far)))};
  const auto lowered = lower(b.graph);
  ASSERT_TRUE(lowered);
  const InputBox box = {{{0, 0.4}}, {{0.5, 1}}, {{0, 3.14159265}}, {{-3.14159265, -0.5}}};
  AnalyzeOptions options;
  options.split_boxes = 4000;
  const auto analysis = analyze_box(*lowered, uniform_assignment(b.graph, *parse_format("fp64")), box, options);
  ASSERT_TRUE(analysis);
  EXPECT_LT(analysis->max_error, 1.2e-14);  // 8e-15 in the limit; FPTaylor 8.8e-15
}

}  // namespace
}  // namespace halfulp
