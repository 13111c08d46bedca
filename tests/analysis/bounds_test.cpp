// Sharpness on cases whose answer is known by hand, and the parts of the analysis one by one.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace halfulp
