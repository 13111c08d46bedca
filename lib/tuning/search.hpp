// The search for the cheapest levels of the variables, in five steps:
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
#include <optional>

#include "evaluator.hpp"
#include "variables.hpp"

namespace halfulp {

struct Found {
  Levels levels;
  FormatAssignment formats;
  Evaluation evaluation;
  double price = 0;
};

class Search {
 public:
  Search(Evaluator& evaluator, std::vector<Variable>& variables, const std::vector<FormatPattern>& patterns,
         const FormatAssignment& base, const TuneOptions& options)
      : evaluator_(evaluator), variables_(variables), patterns_(patterns), base_(base), options_(options) {}

  // Step 1. `near` was evaluated to `evaluation` (its contributions are the first model), `budget` is the error to aim at. Variables
  // whose integer bits prove too few get new ladders here, never later: levels from before mean nothing after.
  Result<void> find_centre(const FormatAssignment& near, const Evaluation& evaluation, double budget);
  // Steps 2 to 5.
  Result<void> run(double budget);
  // Takes the levels as met-or-not like any step of the search.
  Result<void> consider(const Levels& levels);
  // The assignments that met the requirement when probed, cheapest last.
  const std::vector<Found>& accepted() const { return accepted_; }
  const std::optional<Found>& nearest() const { return nearest_; }
  FormatAssignment formats_of(const Levels& levels) const { return with_levels(base_, variables_, levels); }
  // One more bit where it lowers the predicted error most for its price; false if every variable is at its widest.
  bool refine(Levels& levels, const Evaluation& evaluation) const;

 private:
  using Table = std::map<std::size_t, double>;  // level: contribution

  Result<Evaluation> assess(const Levels& levels);
  std::vector<double> relaxed_precision(const FormatAssignment& near, const Evaluation& evaluation, double budget) const;
  Result<void> settle_integer_bits();
  bool widen_overflows(const Evaluation& evaluation);
  Result<bool> measure_influence();
  Result<void> tabulate();
  Result<void> walk(double budget);
  Result<void> improve();
  Result<bool> improve_once(double optimism, int& trials, int limit);
  Result<void> trim_free();
  void learn(const Levels& levels, const Evaluation& evaluation);
  double predicted(std::size_t variable, std::size_t level) const;
  double allowed_bound(const Found& best, double optimism) const;

  struct Move {
    Levels levels;
    double gain = 0;
    double bound = 0;
  };
  class Moves;

  Evaluator& evaluator_;
  std::vector<Variable>& variables_;
  const std::vector<FormatPattern>& patterns_;
  const FormatAssignment& base_;
  const TuneOptions& options_;
  std::vector<double> precision_;  // of the centre
  Levels centre_;
  std::vector<double> influence_;  // how much faster the bound moves than a variable's own contribution does
  double free_amount_ = 0;         // predicted error of the free variables at the centre
  std::vector<Table> tables_;
  std::map<Levels, Evaluation> seen_;
  std::vector<Found> accepted_;
  std::optional<Found> nearest_;
};

}  // namespace halfulp
