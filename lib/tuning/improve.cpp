// Step 5 of the search: local moves from the cheapest accepted levels.
#include <algorithm>
#include <cmath>

#include "search.hpp"

namespace halfulp {
namespace {

// Moves tried, failed ones included: more on small networks, where one takes less time.
constexpr double kTrialWork = 2e6;      // trials times parameters
constexpr double kFewestTrials = 40, kMostTrials = 300;
constexpr std::size_t kSmall = 40;      // variables, up to which moves of three at once are listed
constexpr int kFreeTrialLimit = 12;
constexpr double kOptimism = 1.02;      // a move is tried first if its predicted bound exceeds the allowed one by no more

int trial_limit(const std::vector<Variable>& variables) {
  double values = 1;
  for (const Variable& variable : variables) values += variable.count;
  return static_cast<int>(std::clamp(kTrialWork / values, kFewestTrials, kMostTrials));
}

}  // namespace

// Up to which bound a move is worth a trial.
double Search::allowed_bound(const Found& best, double optimism) const {
  if (options_.max_error) return *options_.max_error * optimism;
  return best.evaluation.bound * (1 + 5 * (optimism - 1));
}

// Collects the moves from one assignment that would be cheaper, predicted bound allowing, and were not tried.
class Search::Moves {
 public:
  Moves(const Search& search, double allowed) : search_(search), best_(search.accepted_.back()), allowed_(allowed),
        depth_limit_(search.variables_.size() <= kSmall ? 2 : 1) {}

  // One variable down by one or two levels, alone, with another up, with two up, or with a second one down and another up.
  std::vector<Move> all() {
    const std::size_t n = search_.variables_.size();
    for (std::size_t i = 0; i < n; ++i) {
      for (int step = 1; step <= 2; ++step) {
        if (search_.variables_[i].price > 0) extend(best_.levels, best_.evaluation.bound, i, -step, 0);
      }
    }
    std::stable_sort(moves_.begin(), moves_.end(), [](const Move& a, const Move& b) {
      return a.gain != b.gain ? a.gain > b.gain : a.bound < b.bound;
    });
    return std::move(moves_);
  }

 private:
  void extend(Levels levels, double bound, std::size_t i, int step, int depth) {
    const auto moved = static_cast<std::ptrdiff_t>(levels[i]) + step;
    if (moved < 0 || moved >= static_cast<std::ptrdiff_t>(search_.variables_[i].levels.size())) return;
    bound += search_.predicted(i, static_cast<std::size_t>(moved)) - search_.predicted(i, levels[i]);
    levels[i] = static_cast<std::size_t>(moved);
    propose(levels, bound);
    if (depth == depth_limit_ || best_.price <= price_of(search_.variables_, levels)) return;
    for (std::size_t next = 0; next < levels.size(); ++next) {
      if (levels[next] != best_.levels[next]) continue;
      for (const int change : {1, 2}) extend(levels, bound, next, change, depth + 1);
      if (search_.variables_[next].price > 0 && depth == 0 && next > i) extend(levels, bound, next, -1, depth + 1);
    }
  }

  void propose(const Levels& levels, double bound) {
    const double gain = best_.price - price_of(search_.variables_, levels);
    if (gain <= 0 || bound > allowed_ || search_.seen_.count(levels) > 0) return;
    moves_.push_back({levels, gain, bound});
  }

  const Search& search_;
  const Found& best_;
  const double allowed_;
  const int depth_limit_;
  std::vector<Move> moves_;
};

Result<bool> Search::improve_once(double optimism, int& trials, int limit) {
  for (const Move& move : Moves(*this, allowed_bound(accepted_.back(), optimism)).all()) {
    if (trials >= limit || evaluator_.stopped()) return false;
    ++trials;
    auto evaluation = assess(move.levels);
    if (!evaluation) return fail(evaluation.error());
    if (evaluation->met) return true;
  }
  return false;
}

Result<void> Search::improve() {
  int trials = 0;
  const int limit = trial_limit(variables_);
  for (const double optimism : {kOptimism, 1.25, 2.0}) {
    bool improved = !accepted_.empty();
    while (improved) {
      auto step = improve_once(optimism, trials, limit);
      if (!step) return fail(step.error());
      improved = *step;
      if (options_.progress && improved) options_.progress("cost " + std::to_string(accepted_.back().price));
    }
  }
  return trim_free();
}

// Free variables cost nothing on the target, but a shorter word that still keeps the requirement is the better schedule.
Result<void> Search::trim_free() {
  if (accepted_.empty()) return {};
  int trials = 0;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].price > 0) continue;
    while (accepted_.back().levels[i] > 0 && trials < kFreeTrialLimit && !evaluator_.stopped()) {
      Found next = accepted_.back();
      --next.levels[i];
      const double bound = next.evaluation.bound + predicted(i, next.levels[i]) - predicted(i, next.levels[i] + 1);
      if (bound > allowed_bound(next, kOptimism)) break;
      ++trials;
      auto evaluation = assess(next.levels);
      if (!evaluation) return fail(evaluation.error());
      if (!evaluation->met) break;
      next.formats = formats_of(next.levels);
      next.evaluation = *std::move(evaluation);
      accepted_.push_back(std::move(next));
    }
  }
  return {};
}

}  // namespace halfulp
