#include "front.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

std::vector<std::vector<Choice>> random_choices(std::uint64_t seed, std::size_t variables, std::size_t options) {
  testing::Numbers numbers(seed);
  std::vector<std::vector<Choice>> choices(variables);
  for (auto& list : choices) {
    const double price = std::round(1 + 20 * std::fabs(numbers.next()));
    for (std::size_t o = 0; o < options; ++o) {
      list.push_back({price * static_cast<double>(o), std::exp2(-static_cast<double>(o) + numbers.next())});
    }
  }
  return choices;
}

std::vector<FrontPoint> enumerate(const std::vector<std::vector<Choice>>& choices) {
  std::vector<FrontPoint> all = {FrontPoint{}};
  for (const auto& list : choices) {
    std::vector<FrontPoint> next;
    for (const FrontPoint& point : all) {
      for (std::size_t o = 0; o < list.size(); ++o) {
        FrontPoint extended = point;
        extended.cost += list[o].cost;
        extended.error += list[o].error;
        extended.picks.push_back(o);
        next.push_back(std::move(extended));
      }
    }
    all = std::move(next);
  }
  return all;
}

TEST(Front, NoSelectionBeatsIt) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const auto choices = random_choices(seed, 4, 6);
    const auto front = pareto_front(choices);
    for (const FrontPoint& any : enumerate(choices)) {
      const bool covered = std::any_of(front.begin(), front.end(), [&](const FrontPoint& point) {
        return point.cost <= any.cost && point.error <= any.error * (1 + 1e-12);
      });
      EXPECT_TRUE(covered) << "seed " << seed << " cost " << any.cost << " error " << any.error;
    }
  }
}

TEST(Front, PicksAddUpAndOrderIsStrict) {
  const auto choices = random_choices(77, 9, 7);
  const auto front = pareto_front(choices);
  for (std::size_t i = 0; i < front.size(); ++i) {
    double cost = 0, error = 0;
    for (std::size_t v = 0; v < choices.size(); ++v) {
      cost += choices[v][front[i].picks[v]].cost;
      error += choices[v][front[i].picks[v]].error;
    }
    EXPECT_DOUBLE_EQ(cost, front[i].cost);
    EXPECT_DOUBLE_EQ(error, front[i].error);
    if (i == 0) continue;
    EXPECT_LT(front[i - 1].cost, front[i].cost);
    EXPECT_GT(front[i - 1].error, front[i].error);
  }
}

TEST(Front, ThinnedFrontStaysNearTheBest) {
  const auto choices = random_choices(5, 24, 8);
  const auto front = pareto_front(choices);
  EXPECT_LE(front.size(), 3100u);
  ASSERT_GT(front.size(), 100u);
  // Neighbours differ by little error: nothing large was thrown away.
  for (std::size_t i = 2; i + 1 < front.size(); ++i) EXPECT_LT(std::log(front[i - 1].error / front[i].error), 0.2);
}

TEST(Front, NoVariables) {
  const auto front = pareto_front({});
  ASSERT_EQ(front.size(), 1u);
  EXPECT_EQ(front[0].cost, 0);
}

}  // namespace
}  // namespace halfulp
