// On a network small enough to try every choice of weight and bias formats, the search ends within a few per cent of the best.
#include <gtest/gtest.h>

#include "halfulp/cost/cost.hpp"
#include "halfulp/tuning/tuning.hpp"
#include "tuning/small_nets.hpp"
#include "variables.hpp"

namespace halfulp {
namespace {

// The cheapest of all assignments whose outputs are those of `found` and whose parameters have 2 to `widest` bits.
double best_by_enumeration(const LoweredGraph& graph, const InputBox& box, const FormatAssignment& found, double max_error,
                           int widest) {
  const auto patterns = *parse_patterns({"fixed<2.." + std::to_string(widest) + ",*>"});
  std::vector<Variable> variables;
  for (const Variable& variable : collect_variables(graph, patterns, std::vector<Interval>(graph.nodes.size(), Interval(0)), Target{})) {
    if (variable.role != Role::kOutput) variables.push_back(variable);
  }
  AnalyzeOptions options;
  options.layer_errors = false;
  double best = storage_cost(graph, found).total;
  Levels levels(variables.size(), 0);
  for (;;) {
    if (price_of(variables, levels) < best) {
      const auto analysis = analyze_box(graph, with_levels(found, variables, levels), box, options);
      if (analysis && analysis->max_error <= max_error) best = price_of(variables, levels);
    }
    std::size_t i = 0;
    while (i < levels.size() && ++levels[i] == variables[i].levels.size()) levels[i++] = 0;
    if (i == levels.size()) return best;
  }
}

TEST(Exhaustive, SearchIsNearTheBest) {
  double found = 0, best = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Graph graph = testing::dense_net({2, 3, 1}, seed);
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    const InputBox box = testing::unit_box(2);
    TuneOptions options;
    options.max_error = 0.05;
    options.formats = {"fixed<2..12,*>"};
    const auto result = tune(*lowered, {.box = box, .data = {}}, options);
    ASSERT_TRUE(result);
    ASSERT_EQ(result->status, "proved") << seed;
    const double optimum = best_by_enumeration(*lowered, box, result->formats, *options.max_error, 12);
    EXPECT_LE(result->cost, optimum * 1.15) << "seed " << seed;
    found += result->cost;
    best += optimum;
  }
  EXPECT_LE(found, best * 1.05);
}

}  // namespace
}  // namespace halfulp
