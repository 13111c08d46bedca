// The guided search for the cheapest levels, in five steps:
//  1. centre: the relaxation, fed with contributions of an assignment near the requirement, gives a precision a variable. Where much
//     of the bound belongs to no variable (an activation that passes a difference on with an open slope pays for all roundings
//     above it), the variables' influence is measured by taking a bit from each, and the relaxation is solved again;
//  2. tables: the contributions of every variable at the levels around the centre, one analysis an offset;
//  3. front: the knapsack over those tables gives every trade of cost against predicted error at once;
//  4. walk: bisection along the front for the cheapest selection that is proved;
//  5. improve: single bits and pairs of them, down where the prediction allows it, each step proved. Known residuals make errors
//     non-monotone in the bits: a shorter format may fit a tensor better.
#pragma once

#include <map>

#include "strategy.hpp"

namespace halfulp {

class GuidedSearch {
 public:
  GuidedSearch(SearchSpace& space, const StartingPoint& start) : space_(space), start_(start), influence_(space.size(), 1) {}

  // Step 1 by the relaxation, or the start's own precision as the centre.
  Result<void> relax_centre();
  Result<void> start_centre();
  // Steps 2 to 4, over so many levels below and above the centre.
  Result<void> tabulate(int coarser, int finer);
  Result<void> walk();
  // Step 5.
  Result<void> improve();

  const Levels& centre() const { return centre_; }
  void move_centre(const Levels& levels) { centre_ = levels; }

 private:
  using Table = std::map<std::size_t, double>;  // level: contribution

  std::vector<double> relaxed_precision(const FormatAssignment& near, const Evaluation& evaluation) const;
  Result<bool> measure_influence();
  void learn(const Levels& levels, const Evaluation& evaluation);
  Result<Evaluation> assess(const Levels& levels);
  double predicted(std::size_t variable, std::size_t level) const;

  struct Move {
    Levels levels;
    double gain = 0;
    double bound = 0;
  };
  class Moves;
  double allowed_error(const Found& best, double optimism) const;
  Result<bool> improve_once(double optimism, int& trials, int limit);
  Result<bool> try_moves(const std::vector<Move>& moves, double allowed, int& trials, int limit);
  class Neighbours;

  SearchSpace& space_;
  const StartingPoint& start_;
  std::vector<double> precision_;  // of the centre
  Levels centre_;
  std::vector<double> influence_;  // how much faster the error moves than a variable's own contribution does
  double free_amount_ = 0;         // predicted error of the free variables at the centre
  std::vector<Table> tables_;
  struct Tried {
    Levels levels;
    double error = 0;
    std::vector<double> amounts;  // a variable
  };
  std::vector<Tried> tried_;
};

}  // namespace halfulp
