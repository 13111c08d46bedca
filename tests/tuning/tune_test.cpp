#include <gtest/gtest.h>

#include "halfulp/cost/cost.hpp"
#include "halfulp/tuning/tuning.hpp"
#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

using testing::dense_net;
using testing::unit_box;

struct Case {
  Graph graph;
  LoweredGraph lowered;
  TuneInput input;
  explicit Case(const std::vector<std::int64_t>& widths, std::uint64_t seed = 3) : graph(dense_net(widths, seed)), input{.box = unit_box(widths[0]), .data = {}} {
    lowered = *lower(graph);
  }
  Case(const Case&) = delete;
};

TuneOptions error_below(double bound, std::vector<std::string> formats = {"fixed<2..40,*>"}) {
  TuneOptions options;
  options.max_error = bound;
  options.formats = std::move(formats);
  return options;
}

void expect_proved_again(const Case& net, const TuneResult& result, double bound) {
  ASSERT_EQ(result.status, "proved");
  AnalyzeOptions reference;
  reference.engine = Engine::kMpfr;
  reference.layer_errors = false;
  const auto again = analyze_box(net.lowered, result.formats, *net.input.box, reference);
  ASSERT_TRUE(again);
  EXPECT_LE(again->max_error, bound);
  EXPECT_LE(again->max_error, result.error_bound * (1 + 1e-9));
  EXPECT_GE(result.error_bound, 0);
}

TEST(Tune, ProvedCheaperThanUniformAndCountedRight) {
  for (const auto& widths : std::vector<std::vector<std::int64_t>>{{3, 2}, {2, 6, 1}, {4, 12, 12, 2}, {5, 8, 8, 8, 1}}) {
    for (const double bound : {1e-1, 1e-3, 1e-6}) {
      const Case net(widths);
      const auto result = tune(net.lowered, net.input, error_below(bound));
      ASSERT_TRUE(result) << result.error().message;
      expect_proved_again(net, *result, bound);
      ASSERT_TRUE(result->baseline);
      EXPECT_LE(result->cost, result->baseline->cost);
      EXPECT_LT(result->mean_weight_bits, result->baseline->mean_weight_bits);
      EXPECT_LE(result->baseline->error_bound, bound);
      EXPECT_EQ(result->cost, storage_cost(net.lowered, result->formats).total);
      EXPECT_FALSE(result->contributions.empty());
      EXPECT_LE(result->evaluations, 1500);
    }
  }
}

TEST(Tune, BaselineIsTheCheapestUniformFormat) {
  const Case net({4, 10, 2});
  const auto result = tune(net.lowered, net.input, error_below(1e-3));
  ASSERT_TRUE(result && result->baseline);
  const Format best = *parse_format(result->baseline->format);
  const auto bound_with = [&](int width, int integer) {
    FormatAssignment formats = uniform_assignment(net.graph, make_fixed(width, integer));
    for (NodeFormats& node : formats) node.input.reset();
    return analyze_box(net.lowered, formats, *net.input.box)->max_error;
  };
  const int integer = best.width_bits - best.fraction_bits;
  EXPECT_LE(bound_with(best.width_bits, integer), 1e-3);
  for (int i = integer - 2; i <= integer + 1; ++i) EXPECT_GT(bound_with(best.width_bits - 1, i), 1e-3) << i;
}

TEST(Tune, TwiceTheSame) {
  const Case net({4, 12, 12, 2}, 9);
  const auto first = tune(net.lowered, net.input, error_below(1e-4)), second = tune(net.lowered, net.input, error_below(1e-4));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->error_bound, second->error_bound);
  EXPECT_EQ(first->evaluations, second->evaluations);
  for (std::size_t i = 0; i < first->formats.size(); ++i) {
    EXPECT_EQ(first->formats[i].weight, second->formats[i].weight);
    EXPECT_EQ(first->formats[i].bias, second->formats[i].bias);
    EXPECT_EQ(first->formats[i].output, second->formats[i].output);
  }
}

TEST(Tune, UnmetGivesTheBestBound) {
  const Case net({4, 12, 2});
  const auto result = tune(net.lowered, net.input, error_below(1e-9, {"fixed<2..12,*>"}));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, "unmet");
  EXPECT_FALSE(result->baseline);
  EXPECT_GT(result->error_bound, 1e-9);
  EXPECT_LT(result->error_bound, 0.1);
  const auto again = analyze_box(net.lowered, result->formats, *net.input.box);
  ASSERT_TRUE(again);
  EXPECT_LE(again->max_error, result->error_bound * (1 + 1e-9));
  for (const NodeFormats& node : result->formats) {
    for (const auto& format : {node.weight, node.bias, node.output}) EXPECT_LE(format ? format->width_bits : 0, 12);
  }
}

TEST(Tune, WidthsStayWithinThePattern) {
  const Case net({4, 10, 2});
  const auto result = tune(net.lowered, net.input, error_below(0.5, {"fixed<9..14,*>"}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, "proved");
  for (const NodeFormats& node : result->formats) {
    for (const auto& format : {node.weight, node.bias, node.output}) {
      if (!format) continue;
      EXPECT_GE(format->width_bits, 9);
      EXPECT_LE(format->width_bits, 14);
    }
  }
}

TEST(Tune, FloatFormatsByName) {
  const Case net({4, 10, 10, 2});
  const std::vector<std::string> list = {"e4m3", "fp16", "bf16", "fp32", "float<5,14>"};
  const auto result = tune(net.lowered, net.input, error_below(2e-3, list));
  ASSERT_TRUE(result) << result.error().message;
  expect_proved_again(net, *result, 2e-3);
  ASSERT_TRUE(result->baseline);
  EXPECT_LE(result->cost, result->baseline->cost);
  for (const NodeFormats& node : result->formats) {
    EXPECT_TRUE(!node.weight || node.weight->family == FormatFamily::kFloat);
  }
}

TEST(Tune, FloatFamilyAndMixture) {
  const Case net({4, 10, 2});
  for (const auto& list : std::vector<std::vector<std::string>>{{"e{2..5}m{1..16}"}, {"fixed<4..24,*>", "fp16", "fp32"}}) {
    const auto result = tune(net.lowered, net.input, error_below(1e-3, list));
    ASSERT_TRUE(result) << result.error().message;
    expect_proved_again(net, *result, 1e-3);
    ASSERT_TRUE(result->baseline);
    EXPECT_LT(result->cost, result->baseline->cost);
  }
}

TEST(Tune, InputFormatIsPartOfTheProof) {
  const Case net({4, 10, 2});
  TuneOptions options = error_below(1e-2);
  options.input_format = make_fixed(14, 2);
  const auto result = tune(net.lowered, net.input, options);
  ASSERT_TRUE(result);
  expect_proved_again(net, *result, 1e-2);
  EXPECT_EQ(result->formats[static_cast<std::size_t>(net.graph.inputs[0])].input->name, "fixed<14,2>");
  EXPECT_FALSE(tune(net.lowered, net.input, error_below(1e-2))->formats[static_cast<std::size_t>(net.graph.inputs[0])].input);
}

TEST(Tune, ActivationsCountOnTheMemoryTarget) {
  const Case net({4, 10, 10, 2});
  TuneOptions options = error_below(1e-3);
  const auto bits = tune(net.lowered, net.input, options);
  options.target = "memory";
  const auto memory = tune(net.lowered, net.input, options);
  ASSERT_TRUE(bits && memory);
  expect_proved_again(net, *memory, 1e-3);
  EXPECT_EQ(memory->cost, memory->weight_bits + memory->activation_bits);
  EXPECT_LE(memory->cost, (bits->weight_bits + bits->activation_bits) * 1.01);
}

TEST(Tune, LimitsStopTheSearchWithTheBestSoFar) {
  const Case net({4, 12, 12, 2});
  TuneOptions options = error_below(1e-4);
  options.evaluation_limit = 12;
  const auto limited = tune(net.lowered, net.input, options);
  ASSERT_TRUE(limited);
  EXPECT_TRUE(limited->budget_exhausted);
  EXPECT_LE(limited->evaluations, 14);
  expect_proved_again(net, *limited, 1e-4);

  options = error_below(1e-4);
  int polls = 0;
  options.interrupted = [&] { return ++polls > 15; };
  const auto interrupted = tune(net.lowered, net.input, options);
  ASSERT_TRUE(interrupted);
  EXPECT_TRUE(interrupted->interrupted);
  expect_proved_again(net, *interrupted, 1e-4);
}

TEST(Tune, InterruptedAtOnceIsUnmetWithItsBound) {
  const Case net({4, 12, 2});
  TuneOptions options = error_below(1e-4);
  options.interrupted = [] { return true; };
  const auto result = tune(net.lowered, net.input, options);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->interrupted);
  EXPECT_GT(result->error_bound, 0);
}

TEST(Tune, RequirementsThatDoNotFitAreRefused) {
  const Case net({2, 3, 1});
  TuneOptions share;
  share.certify_share = 0.9;
  for (const auto& [input, options] : std::vector<std::pair<TuneInput, TuneOptions>>{
           {net.input, TuneOptions{}}, {net.input, share}, {TuneInput{}, error_below(1)}, {net.input, error_below(0)},
           {net.input, error_below(-1)}, {TuneInput{.box = {}, .data = DataSet{}}, error_below(1)}}) {
    const auto result = tune(net.lowered, input, options);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "E0802");
  }
  TuneOptions options = error_below(1);
  options.target = "bitz";
  EXPECT_EQ(tune(net.lowered, net.input, options).error().code, "E0711");
  EXPECT_EQ(tune(net.lowered, net.input, error_below(1, {"fixde<2..3,*>"})).error().code, "E0801");
}

}  // namespace
}  // namespace halfulp
