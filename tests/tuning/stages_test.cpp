// Verdicts in stages are verdicts over the whole set; the use that decides over a share.
#include "stages.hpp"

#include <gtest/gtest.h>

#include "evaluator.hpp"
#include "margins.hpp"
#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

TEST(DecisiveUse, IsTheLargestThatMayNotFail) {
  const std::vector<double> uses = {0.1, 5, 0.9, 0.3, 2, 0.2, 0.4, 0.5, 0.6, 0.7};
  EXPECT_EQ(decisive_use({.share = 1, .total = 10}, uses), 5);
  EXPECT_EQ(decisive_use({.share = 0.9, .total = 10}, uses), 2);
  EXPECT_EQ(decisive_use({.share = 0.8, .total = 10}, uses), 0.9);
  // Two samples are elsewhere and kept; one is elsewhere and failed.
  EXPECT_EQ(decisive_use({.share = 0.9, .total = 12, .kept_elsewhere = 2}, uses), 2);
  EXPECT_EQ(decisive_use({.share = 0.8, .total = 11, .kept_elsewhere = 0}, uses), 2);
}

// met <=> at least the share has a use below 1, on any list.
TEST(DecisiveUse, IsBelowOneWhereTheShareIsKept) {
  testing::Numbers numbers(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> uses = numbers.list(1 + round % 37, 1.5);
    for (double& use : uses) use = std::abs(use);
    const double share = 0.5 + 0.5 * std::abs(numbers.next());
    const auto kept = static_cast<double>(std::count_if(uses.begin(), uses.end(), [](double use) { return use < 1; }));
    const auto count = static_cast<double>(uses.size());
    EXPECT_EQ(decisive_use({.share = share, .total = uses.size()}, uses) < 1, kept / count >= share) << share << " of " << count;
  }
}

struct Case {
  Case() {
    testing::Numbers numbers(5);
    DataSet data;
    for (int i = 0; i < 80; ++i) data.samples.push_back({numbers.list(6, 1)});
    input.data = std::move(data);
  }
  Graph graph = testing::dense_net({6, 16, 16, 4}, 21);
  LoweredGraph lowered = *lower(graph);
  TuneInput input;
};

FormatAssignment uniform(const LoweredGraph& graph, int width) {
  FormatAssignment formats(graph.nodes.size());
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (!std::holds_alternative<LinearForm>(graph.nodes[i].form)) continue;
    formats[i].weight = formats[i].bias = formats[i].output = make_fixed(width, 4);
  }
  return formats;
}

class InStages : public ::testing::TestWithParam<int> {};

TEST_P(InStages, VerdictsAreThoseOverAllSamples) {
  const Case net;
  TuneOptions options;
  if (GetParam() == 0) options.certify_share = 0.9;
  if (GetParam() == 1) options.max_error = 0.05;
  if (GetParam() == 2) options.no_overflow = true;
  if (GetParam() == 3) options.certify_share = options.max_error = 0.5;
  Evaluator whole(net.lowered, net.input, options), staged(net.lowered, net.input, options);
  ASSERT_TRUE(whole.start());
  ASSERT_TRUE(staged.start());
  const auto first = staged.prove(uniform(net.lowered, 12));
  ASSERT_TRUE(first);
  staged.order_samples_by(*first);
  int met = 0, unmet = 0;
  for (const int width : {4, 12, 5, 11, 6, 10, 7, 9, 8, 16}) {
    const auto expected = whole.prove(uniform(net.lowered, width)), found = staged.probe(uniform(net.lowered, width));
    ASSERT_TRUE(expected);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->met, expected->met) << width;
    EXPECT_LE(found->load, expected->load * (1 + 1e-12)) << width;
    ++(found->met ? met : unmet);
    if (!found->met) continue;
    EXPECT_EQ(found->proved, expected->proved);
    EXPECT_EQ(found->uses, expected->uses);
    EXPECT_NEAR(found->load, expected->load, 1e-12 * expected->load);
  }
  EXPECT_GT(met, 0);
  EXPECT_TRUE(unmet > 0 || GetParam() >= 2);
}

INSTANTIATE_TEST_SUITE_P(Goals, InStages, ::testing::Range(0, 4));

// A coarse assignment is refused without a look at every sample.
TEST(Stages, StopWhereItIsClear) {
  const Case net;
  TuneOptions options;
  options.certify_share = 0.9;
  Evaluator evaluator(net.lowered, net.input, options);
  ASSERT_TRUE(evaluator.start());
  const auto first = evaluator.prove(uniform(net.lowered, 12));
  ASSERT_TRUE(first);
  evaluator.order_samples_by(*first);
  const auto coarse = evaluator.probe(uniform(net.lowered, 5));
  ASSERT_TRUE(coarse);
  EXPECT_FALSE(coarse->met);
  EXPECT_LT(coarse->proved.size(), net.input.data->samples.size());
  EXPECT_EQ(evaluator.evaluations(), 2);
}

}  // namespace
}  // namespace halfulp
