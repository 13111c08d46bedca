#include "relaxation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

double error_of(const std::vector<RelaxedVariable>& variables, const std::vector<double>& precision) {
  double sum = 0;
  for (std::size_t i = 0; i < variables.size(); ++i) sum += variables[i].amount * std::exp2(-precision[i]);
  return sum;
}

// Without limits the optimum is known: every variable's error is its cost's share of the budget.
TEST(Relaxation, MatchesTheClosedForm) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    testing::Numbers numbers(seed);
    std::vector<RelaxedVariable> variables;
    double total = 0;
    for (int i = 0; i < 3 + static_cast<int>(seed); ++i) {
      variables.push_back({.cost = std::exp2(8 * numbers.next()), .amount = std::exp2(20 * numbers.next()), .low = -500, .high = 500});
      total += variables.back().cost;
    }
    const double budget = std::exp2(10 * numbers.next());
    const auto precision = relax(variables, budget);
    EXPECT_NEAR(error_of(variables, precision) / budget, 1, 1e-3);
    for (std::size_t i = 0; i < variables.size(); ++i) {
      const double best = std::log2(variables[i].amount * total / (variables[i].cost * budget));
      const double tolerance = variables[i].cost / total > 1e-4 ? 0.02 : 8;
      EXPECT_NEAR(precision[i], best, tolerance) << "seed " << seed << " variable " << i;
    }
  }
}

TEST(Relaxation, LimitsHoldAndTheRestMakesUpForThem) {
  const std::vector<RelaxedVariable> variables = {{.cost = 1, .amount = 1, .low = 8, .high = 30},
                                                  {.cost = 1, .amount = 1, .low = 0, .high = 2},
                                                  {.cost = 1, .amount = 1, .low = 0, .high = 30}};
  const auto precision = relax(variables, 0.3);
  EXPECT_EQ(precision[0], 8);
  EXPECT_EQ(precision[1], 2);
  EXPECT_NEAR(std::exp2(-precision[2]), 0.3 - 0.25 - 0x1p-8, 1e-4);
}

TEST(Relaxation, HopelessBudgetGivesTheHighLimits) {
  const std::vector<RelaxedVariable> variables = {{.cost = 1, .amount = 1, .low = 0, .high = 4}, {.cost = 2, .amount = 1, .low = 0, .high = 5}};
  EXPECT_EQ(relax(variables, 1e-6), (std::vector<double>{4, 5}));
}

TEST(Relaxation, WithoutErrorTheLowLimitIsBest) {
  const std::vector<RelaxedVariable> variables = {{.cost = 1, .amount = 0, .low = 3, .high = 9}, {.cost = 1, .amount = 1, .low = 0, .high = 40}};
  const auto precision = relax(variables, 0x1p-7);
  EXPECT_EQ(precision[0], 3);
  EXPECT_NEAR(precision[1], 7, 1e-3);
}

}  // namespace
}  // namespace halfulp
