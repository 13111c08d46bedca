// Step 5 of the guided search: local moves from the cheapest accepted levels.
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
constexpr double kOptimism = 1.02;      // a move is tried first if its predicted error exceeds the allowed one by no more

int trial_limit(const std::vector<Variable>& variables) {
  double values = 1;
  for (const Variable& variable : variables) values += variable.count;
  return static_cast<int>(std::clamp(kTrialWork / values, kFewestTrials, kMostTrials));
}

}  // namespace

// Up to which error a move is worth a trial.
double GuidedSearch::allowed_error(const Found& best, double optimism) const {
  if (space_.options().measures()) return start_.budget * optimism;
  return space_.error_of(best.evaluation) * (1 + 5 * (optimism - 1));
}

// Collects the moves from one assignment that would be cheaper, predicted error allowing, and were not tried.
class GuidedSearch::Moves {
 public:
  Moves(const GuidedSearch& search, double allowed)
      : search_(search), space_(search.space_), best_(space_.accepted().back()), allowed_(allowed), depth_limit_(space_.size() <= kSmall ? 2 : 1) {}

  // One variable down by one or two levels, alone, with another up, with two up, or with a second one down and another up.
  std::vector<Move> all() {
    const double error = space_.error_of(best_.evaluation);
    Levels levels = best_.levels;
    for (std::size_t i = 0; i < space_.size(); ++i) {
      for (int step = 1; step <= 2; ++step) {
        if (!space_.is_free(i)) extend(levels, error, 0, i, -step, 0);
      }
    }
    std::stable_sort(moves_.begin(), moves_.end(), [](const Move& a, const Move& b) {
      return a.gain != b.gain ? a.gain > b.gain : a.bound < b.bound;
    });
    return std::move(moves_);
  }

 private:
  void extend(Levels& levels, double error, double gain, std::size_t i, int step, int depth) {
    const auto moved = static_cast<std::ptrdiff_t>(levels[i]) + step;
    if (moved < 0 || moved >= static_cast<std::ptrdiff_t>(space_.variables()[i].levels.size())) return;
    const auto level = static_cast<std::size_t>(moved);
    const std::size_t before = levels[i];
    error += search_.predicted(i, level) - search_.predicted(i, levels[i]);
    gain -= space_.price_change(levels, i, level);
    levels[i] = level;
    propose(levels, error, gain);
    if (depth < depth_limit_ && gain > 0) extend_by_another(levels, error, gain, i, depth);
    levels[i] = before;
  }

  void extend_by_another(Levels& levels, double error, double gain, std::size_t i, int depth) {
    for (std::size_t next = 0; next < levels.size(); ++next) {
      if (levels[next] != best_.levels[next]) continue;
      for (const int change : {1, 2}) extend(levels, error, gain, next, change, depth + 1);
      if (!space_.is_free(next) && depth == 0 && next > i) extend(levels, error, gain, next, -1, depth + 1);
    }
  }

  void propose(const Levels& levels, double error, double gain) {
    if (gain <= 1e-12 * best_.price || error > allowed_ || space_.is_known(levels)) return;
    moves_.push_back({levels, gain, error});
  }

  const GuidedSearch& search_;
  const SearchSpace& space_;
  const Found best_;
  const double allowed_;
  const int depth_limit_;
  std::vector<Move> moves_;
};

// What the assignments tried last say of moves from the best one: where a step was found to cost more than its table says, small
// additions to it are not expected to mend it.
class GuidedSearch::Neighbours {
 public:
  explicit Neighbours(const GuidedSearch& search) : search_(search), best_(search.space_.accepted().back().levels) {
    for (auto tried = search.tried_.rbegin(); tried != search.tried_.rend() && near_.size() < kRemembered; ++tried) {
      Near near{.tried = &*tried, .changed = changed(tried->levels)};
      if (near.changed.size() <= kNear) near_.push_back(std::move(near));
    }
  }

  // The error from the one that differs in the fewest variables, the last of several.
  double predicted(const Levels& levels) const {
    const Near* nearest = nullptr;
    std::size_t fewest = levels.size() + 1;
    const std::vector<std::size_t> moved = changed(levels);
    for (const Near& near : near_) {
      const std::size_t distance = distance_of(near, levels, moved);
      if (distance >= fewest) continue;
      fewest = distance;
      nearest = &near;
    }
    return nearest ? predicted_from(*nearest->tried, levels) : 0;
  }

 private:
  static constexpr std::size_t kRemembered = 48, kNear = 6;  // a move changes three variables: others are not nearer than the best itself

  struct Near {
    const Tried* tried;
    std::vector<std::size_t> changed;  // variables that differ from the best
  };

  std::vector<std::size_t> changed(const Levels& levels) const {
    std::vector<std::size_t> variables;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (levels[i] != best_[i]) variables.push_back(i);
    }
    return variables;
  }

  std::size_t distance_of(const Near& near, const Levels& levels, const std::vector<std::size_t>& moved) const {
    std::size_t distance = 0;
    for (const std::size_t i : moved) distance += near.tried->levels[i] != levels[i] ? 1 : 0;
    for (const std::size_t i : near.changed) distance += levels[i] == best_[i] ? 1 : 0;
    return distance;
  }

  double predicted_from(const Tried& tried, const Levels& levels) const {
    double error = tried.error;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (tried.levels[i] == levels[i]) continue;
      const double change = search_.predicted(i, levels[i]) - search_.influence_[i] * tried.amounts[i];
      error += change > 0 ? change : change / search_.influence_[i];
    }
    return error;
  }

  const GuidedSearch& search_;
  const Levels best_;
  std::vector<Near> near_;
};

// In order, until one keeps the requirement.
Result<bool> GuidedSearch::try_moves(const std::vector<Move>& moves, double allowed, int& trials, int limit) {
  const std::size_t ahead = space_.evaluator().foresight();
  std::optional<Neighbours> near;  // of what is known so far
  for (std::size_t k = 0; k < moves.size(); ++k) {
    if (trials >= limit) return false;
    if (!near) near.emplace(*this);
    if (near->predicted(moves[k].levels) > allowed / kOptimism) continue;
    if (space_.stopped()) return false;
    if (ahead > 1 && k % ahead == 0) {
      std::vector<Levels> next;
      for (std::size_t n = k; n < std::min(moves.size(), k + ahead); ++n) next.push_back(moves[n].levels);
      if (auto done = space_.foresee(next); !done) return fail(done.error());
    }
    space_.expect(limit - trials);
    ++trials;
    const double before = space_.accepted().back().price;
    near.reset();
    auto evaluation = assess(moves[k].levels);
    if (!evaluation) return fail(evaluation.error());
    if (evaluation->met && space_.accepted().back().price < before) return true;
  }
  return false;
}

Result<bool> GuidedSearch::improve_once(double optimism, int& trials, int limit) {
  const double allowed = allowed_error(space_.accepted().back(), optimism);
  return try_moves(Moves(*this, allowed).all(), allowed, trials, limit);
}

Result<void> GuidedSearch::improve() {
  int trials = 0;
  const int limit = trial_limit(space_.variables());
  for (const double optimism : {kOptimism, 1.25, 2.0}) {
    bool improved = !space_.accepted().empty();
    while (improved) {
      auto step = improve_once(optimism, trials, limit);
      if (!step) return fail(step.error());
      improved = *step;
    }
  }
  return trim_free(space_);
}

Result<void> trim_free(SearchSpace& space) {
  if (space.accepted().empty()) return {};
  int trials = 0;
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (!space.is_free(i)) continue;
    while (space.accepted().back().levels[i] > 0 && trials < kFreeTrialLimit && !space.stopped()) {
      const Found& best = space.accepted().back();
      Levels next = best.levels;
      --next[i];
      // A bit less doubles the variable's contribution.
      const double error = space.error_of(best.evaluation) + space.amount(best.evaluation, i);
      if (space.options().measures() && error > kOptimism) break;
      ++trials;
      auto evaluation = space.assess(next);
      if (!evaluation) return fail(evaluation.error());
      if (!evaluation->met) break;
      space.accept_trimmed(next, *evaluation);
    }
  }
  return {};
}

}  // namespace halfulp
