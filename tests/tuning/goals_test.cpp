// Every kind of requirement, alone and combined, checked against an analysis or a simulation of its own.
#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/simulate/simulate.hpp"
#include "halfulp/tuning/tuning.hpp"
#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

struct Net {
  Graph graph = testing::dense_net({4, 10, 3}, 12);
  LoweredGraph lowered = *lower(graph);
  TuneInput box{.box = testing::unit_box(4), .data = {}};
  TuneInput data;

  Net() {
    testing::Numbers numbers(2);
    data.data = DataSet{};
    for (int i = 0; i < 80; ++i) {
      data.data->samples.push_back({numbers.list(4, 1)});
      const auto logits = run_float(lowered, data.data->samples.back())[0];
      const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
      data.data->labels.push_back(i % 10 == 0 ? (best + 1) % 3 : best);  // the real network has nine in ten right
    }
  }
};

TuneResult tuned(const Net& net, const TuneInput& input, const TuneOptions& options) {
  auto result = tune(net.lowered, input, options);
  EXPECT_TRUE(result) << result.error().message;
  return result ? *result : TuneResult{};
}

double accuracy(const Net& net, const FormatAssignment& formats) {
  const auto simulator = Simulator::create(net.lowered, formats);
  double right = 0;
  for (std::size_t i = 0; i < net.data.data->samples.size(); ++i) {
    const auto logits = (*simulator->run(net.data.data->samples[i], i))[0];
    std::int64_t best = 0;
    for (std::size_t k = 1; k < logits.size(); ++k) {
      if (logits[k].part[0] > logits[static_cast<std::size_t>(best)].part[0]) best = static_cast<std::int64_t>(k);
    }
    right += best == net.data.data->labels[i] ? 1 : 0;
  }
  return right / static_cast<double>(net.data.data->samples.size());
}

TEST(Goals, AccuracyDropIsObserved) {
  const Net net;
  TuneOptions options;
  options.max_accuracy_drop = 0.02;
  const TuneResult result = tuned(net, net.data, options);
  EXPECT_EQ(result.status, "observed");
  ASSERT_TRUE(result.accuracy && result.real_accuracy);
  EXPECT_DOUBLE_EQ(*result.real_accuracy, 0.9);
  EXPECT_DOUBLE_EQ(*result.accuracy, accuracy(net, result.formats));
  EXPECT_GE(*result.accuracy, 0.88 - 1e-12);
  EXPECT_GT(result.simulator_runs, 0);
  EXPECT_TRUE(std::isinf(result.error_bound));
  ASSERT_TRUE(result.baseline);
  EXPECT_LT(result.cost, result.baseline->cost);
}

TEST(Goals, ObservedErrors) {
  const Net net;
  TuneOptions worst;
  worst.max_observed_error = 0.01;
  TuneOptions mean;
  mean.mean_observed_error = 0.01;
  const TuneResult by_worst = tuned(net, net.data, worst), by_mean = tuned(net, net.data, mean);
  EXPECT_EQ(by_worst.status, "observed");
  EXPECT_LE(*by_worst.observed_error, 0.01);
  EXPECT_EQ(by_mean.status, "observed");
  EXPECT_LE(by_mean.goals[0].reached, 0.01);
  EXPECT_LE(by_mean.cost, by_worst.cost);
  TuneOptions proved;
  proved.max_error = 0.01;
  // Both are searches: what was only seen may end a step above what was proved, not more.
  EXPECT_LE(by_worst.cost, 1.05 * tuned(net, net.data, proved).cost);
}

TEST(Goals, OneOutputOfTwo) {
  testing::Numbers numbers(4);
  testing::GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 3});
  const NodeId a = builder.dense("a", x, 2, numbers.list(6, 1), numbers.list(2, 1));
  const NodeId b = builder.dense("b", x, 2, numbers.list(6, 1), numbers.list(2, 1));
  Graph graph = builder.finish(a);
  graph.outputs = {a, b};
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  TuneOptions options;
  options.output_errors = {{0, 1e-4}, {1, 1e-1}};
  const auto result = tune(*lowered, {.box = testing::unit_box(3), .data = {}}, options);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, "proved");
  ASSERT_EQ(result->goals.size(), 2u);
  EXPECT_LE(result->goals[0].reached, 1e-4);
  EXPECT_LE(result->goals[1].reached, 1e-1);
  EXPECT_GT(result->goals[1].reached, 1e-4);
  const auto& fine = result->formats[static_cast<std::size_t>(a)].weight;
  const auto& coarse = result->formats[static_cast<std::size_t>(b)].weight;
  ASSERT_TRUE(fine && coarse);
  EXPECT_GT(fine->width_bits, coarse->width_bits + 5);
}

TEST(Goals, RelativeErrorAwayFromZero) {
  testing::GraphBuilder builder;
  testing::Numbers numbers(6);
  const NodeId x = builder.input("x", {1, 4});
  const NodeId y = builder.dense("y", x, 2, numbers.list(8, 0.4), {10, -20});
  const Graph graph = builder.finish(y);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  TuneOptions options;
  options.max_relative_error = 1e-3;
  const auto result = tune(*lowered, {.box = testing::unit_box(4), .data = {}}, options);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, "proved");
  const auto analysis = analyze_box(*lowered, result->formats, testing::unit_box(4));
  const NodeBounds& bounds = analysis->nodes[static_cast<std::size_t>(y)];
  for (std::size_t i = 0; i < bounds.error.size(); ++i) EXPECT_LE(magnitude(bounds.error[i]), 1e-3 * mignitude(bounds.real[i]) * (1 + 1e-9));
  // The output's error may be larger than 1e-3 absolute: the values are above 8.
  EXPECT_GT(result->error_bound, 1e-3);
  // Where an output can be zero, no relative error is finite.
  TuneOptions hopeless;
  hopeless.max_relative_error = 0.5;
  EXPECT_EQ(tuned(Net(), Net().box, hopeless).status, "unmet");
}

TEST(Goals, NoOverflow) {
  const Net net;
  TuneOptions options;
  options.no_overflow = true;
  const TuneResult result = tuned(net, net.box, options);
  EXPECT_EQ(result.status, "proved");
  EXPECT_TRUE(result.overflow_free);
  EXPECT_TRUE(analyze_box(net.lowered, result.formats, *net.box.box)->overflows.empty());
  options.formats = {"fixed<8,-3>"};
  EXPECT_EQ(tuned(net, net.box, options).status, "unmet");
}

TEST(Goals, AllOfSeveralMustHold) {
  const Net net;
  TuneOptions options;
  options.max_error = 0.05;
  options.certify_share = 0.9;
  options.max_accuracy_drop = 0.01;
  options.no_overflow = true;
  const TuneResult result = tuned(net, net.data, options);
  EXPECT_EQ(result.status, "observed");
  ASSERT_EQ(result.goals.size(), 4u);
  for (const GoalResult& goal : result.goals) EXPECT_EQ(goal.status, goal.goal == "max_accuracy_drop" ? "observed" : "proved") << goal.goal;
  EXPECT_LE(result.error_bound, 0.05);
  EXPECT_GE(*result.certified_share, 0.9);
}

TEST(Goals, WhatDoesNotFitIsRefused) {
  const Net net;
  TuneOptions drop;
  drop.max_accuracy_drop = 0.01;
  EXPECT_EQ(tune(net.lowered, net.box, drop).error().code, "E0802");
  const TuneInput unlabelled{.box = {}, .data = DataSet{.samples = net.data.data->samples, .labels = {}, .radius = 0}};
  EXPECT_EQ(tune(net.lowered, unlabelled, drop).error().code, "E0802");
  TuneOptions output;
  output.output_errors = {{1, 0.1}};
  EXPECT_EQ(tune(net.lowered, net.box, output).error().code, "E0802");
}

}  // namespace
}  // namespace halfulp
