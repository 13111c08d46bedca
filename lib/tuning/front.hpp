// The multiple-choice knapsack: one choice for each variable, costs and errors add up. The front holds the selections that no
// other beats in both, found by merging one variable at a time; when it outgrows a limit, the best of each small step of
// log(error) is kept.
#pragma once

#include <cstddef>
#include <vector>

namespace halfulp {

struct Choice {
  double cost = 0;
  double error = 0;
};

struct FrontPoint {
  double cost = 0;
  double error = 0;
  std::vector<std::size_t> picks;  // index into the variable's choices
};

// Cheapest first: costs rise and errors fall strictly. Requires at least one choice a variable.
std::vector<FrontPoint> pareto_front(const std::vector<std::vector<Choice>>& choices);

}  // namespace halfulp
