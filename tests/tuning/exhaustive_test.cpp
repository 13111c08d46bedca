// On networks small enough to try every choice of weight and bias formats, the search ends at the best, or within a few per cent of it.
#include <gtest/gtest.h>

#include "halfulp/cost/cost.hpp"
#include "halfulp/tuning/tuning.hpp"
#include "tuning/small_nets.hpp"
#include "variables.hpp"

namespace halfulp {
namespace {

SearchSpaceOptions parameters_only() {
  SearchSpaceOptions space;
  space.roles = {Role::kWeight, Role::kBias};
  return space;
}

// The cheapest of all assignments whose outputs are those of `found` and whose parameters take the patterns' formats: every one is tried.
double best_by_enumeration(const LoweredGraph& graph, const InputBox& box, const FormatAssignment& found, double max_error,
                           const std::string& formats) {
  const auto patterns = *parse_patterns({formats});
  const std::vector<Interval> ranges(graph.nodes.size(), Interval(0));
  const auto variables = *collect_variables(graph, patterns, ranges, parameters_only());
  AnalyzeOptions options;
  options.layer_errors = false;
  const RealRanges real = *real_ranges(graph, box, options);
  options.known_ranges = &real;
  double best = storage_cost(graph, found).total;
  Levels levels(variables.size(), 0);
  for (;;) {
    const FormatAssignment formats_here = with_levels(found, variables, levels);
    const double cost = storage_cost(graph, formats_here).total;
    if (cost < best) {
      const auto analysis = analyze_box(graph, formats_here, box, options);
      if (analysis && analysis->max_error <= max_error) best = cost;
    }
    std::size_t i = 0;
    while (i < levels.size() && ++levels[i] == variables[i].levels.size()) levels[i++] = 0;
    if (i == levels.size()) return best;
  }
}

struct Case {
  std::vector<std::int64_t> widths;
  std::uint64_t seed = 1;
  double max_error = 0.05;
  std::string formats = "fixed<3..11,*>";
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {{{2, 3, 1}, 1}, {{2, 3, 1}, 2, 0.02}, {{3, 4, 2}, 3}, {{4, 6, 3}, 5, 0.1},
                                           {{2, 3, 3, 1}, 4, 0.2, "fixed<4..9,*>"}};
  return kCases;
}

TuneResult tuned(const LoweredGraph& graph, const Case& which, const std::string& strategy) {
  TuneOptions options;
  options.max_error = which.max_error;
  options.formats = {which.formats};
  options.strategy = strategy;
  options.evaluation_limit = 1000000;
  options.time_limit_seconds = 1e9;
  auto result = tune(graph, {.box = testing::unit_box(which.widths[0]), .data = {}}, options);
  EXPECT_TRUE(result) << result.error().message;
  return result ? *result : TuneResult{};
}

TEST(Exhaustive, DefaultStrategyIsWithinTwoPerCentOfTheOptimum) {
  for (const Case& which : cases()) {
    const Graph graph = testing::dense_net(which.widths, which.seed);
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    const TuneResult best = tuned(*lowered, which, "exhaustive"), found = tuned(*lowered, which, "auto");
    ASSERT_EQ(best.status, "proved");
    ASSERT_EQ(found.status, "proved");
    EXPECT_LE(found.cost, best.cost * 1.02) << "seed " << which.seed;
  }
}

TEST(Exhaustive, NothingCheaperExistsByIndependentEnumeration) {
  for (std::size_t i = 0; i < 3; ++i) {
    const Case& which = cases()[i];
    const Graph graph = testing::dense_net(which.widths, which.seed);
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    const TuneResult best = tuned(*lowered, which, "exhaustive");
    const double optimum = best_by_enumeration(*lowered, testing::unit_box(which.widths[0]), best.formats, which.max_error, which.formats);
    EXPECT_EQ(best.cost, optimum) << "seed " << which.seed;
  }
}

TEST(Exhaustive, EveryStrategyIsProvedAndNoneBeatsTheOptimum) {
  const Case& which = cases()[2];
  const Graph graph = testing::dense_net(which.widths, which.seed);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  const TuneResult best = tuned(*lowered, which, "exhaustive");
  for (const StrategyEntry& entry : strategy_entries()) {
    const TuneResult result = tuned(*lowered, which, entry.name);
    EXPECT_EQ(result.status, "proved") << entry.name;
    EXPECT_EQ(result.strategy, entry.name);
    EXPECT_GE(result.cost, best.cost) << entry.name;
    ASSERT_TRUE(result.baseline);
    EXPECT_LE(result.cost, result.baseline->cost) << entry.name;
    AnalyzeOptions reference;
    reference.engine = Engine::kMpfr;
    const auto again = analyze_box(*lowered, result.formats, testing::unit_box(which.widths[0]), reference);
    ASSERT_TRUE(again);
    EXPECT_LE(again->max_error, which.max_error) << entry.name;
    EXPECT_EQ(result.engine, Engine::kMpfr) << entry.name;
  }
}

TEST(Exhaustive, RefusesALargeSpaceWithItsSize) {
  const Graph graph = testing::dense_net({3, 4, 4, 2}, 1);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  TuneOptions options;
  options.max_error = 0.1;
  options.formats = {"fixed<2..21,*>"};
  options.strategy = "exhaustive";
  const auto result = tune(*lowered, {.box = testing::unit_box(3), .data = {}}, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "E0804");
  EXPECT_NE(result.error().message.find("60800000"), std::string::npos) << result.error().message;  // 20^5 x 19: one bias gains nothing from its first bit
}

TEST(Exhaustive, UnknownStrategy) {
  const Graph graph = testing::dense_net({2, 2, 1}, 1);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  TuneOptions options;
  options.max_error = 0.1;
  options.strategy = "greed";
  const auto result = tune(*lowered, {.box = testing::unit_box(2), .data = {}}, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "E0806");
}

}  // namespace
}  // namespace halfulp
