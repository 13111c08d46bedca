// The continuous relaxation of the format search:
//   minimise sum_i c_i p_i  subject to  sum_i a_i 2^-p_i <= budget,  low_i <= p_i <= high_i.
// The constraint is taken as log2(sum_i a_i 2^-p_i / budget) <= 0, which is convex; Ceres minimises the augmented
// Lagrangian of it by L-BFGS while the multiplier and the penalty grow (Nocedal & Wright, Numerical Optimization, 17.4).
// Variables that leave their limits are fixed there and the rest is solved again.
#pragma once

#include <vector>

namespace halfulp {

struct RelaxedVariable {
  double cost = 1;      // c_i > 0
  double amount = 1;    // a_i >= 0
  double low = 0, high = 0;
};

// One precision p_i a variable. If not even all high limits meet the budget, those are returned.
std::vector<double> relax(const std::vector<RelaxedVariable>& variables, double budget);

}  // namespace halfulp
