// A way to look for cheap levels. Adding one: a file in strategies/ and a line in its registry.
#pragma once

#include <vector>

#include "space.hpp"

namespace halfulp {

// Where a search begins: an assignment that keeps the requirement, usually the cheapest uniform format.
struct StartingPoint {
  FormatAssignment formats;
  Evaluation evaluation;
  std::vector<double> precision;  // of each variable there
  double budget = 1;              // in the unit of SearchSpace::error_of
  bool is_widest = false;         // no uniform format keeps the requirement: every variable at its widest
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual std::string name() const = 0;
  virtual std::string summary() const = 0;
  // Leaves what it found in space.accepted(). Stops when space.stopped().
  virtual Result<void> run(SearchSpace& space, const StartingPoint& start) const = 0;
};

// In the order of their names. Checked for duplicates on first use.
const std::vector<const Strategy*>& strategies();
// Errors: E0806.
Result<const Strategy*> find_strategy(const std::string& name);

const Strategy& automatic_strategy();
const Strategy& bisection_strategy();
const Strategy& evolution_strategy();
const Strategy& exhaustive_strategy();
const Strategy& greedy_strategy();
const Strategy& knapsack_strategy();
const Strategy& relaxation_strategy();

// Assignments of the variables that cost something; the free ones take their widest formats meanwhile.
double paid_assignments(const SearchSpace& space);
// Free variables cost nothing on the target, but a shorter word that still keeps the requirement is the better schedule.
Result<void> trim_free(SearchSpace& space);

}  // namespace halfulp
