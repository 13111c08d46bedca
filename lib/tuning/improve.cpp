// Step 5 of the search: local moves from the cheapest accepted levels.
#include <algorithm>
#include <cmath>

#include "search.hpp"

namespace halfulp {
namespace {

constexpr int kTrialLimit = 40;         // failed and successful moves together
constexpr int kFreeTrialLimit = 12;
constexpr double kOptimism = 1.02;      // a move is tried if its predicted bound exceeds the allowed one by no more

}  // namespace

// Up to which bound a move is worth a trial.
double Search::allowed_bound(const Found& best) const {
  if (options_.max_error) return *options_.max_error * kOptimism;
  return best.evaluation.bound * 1.15;
}

std::vector<Search::Move> Search::moves() const {
  const Found& best = accepted_.back();
  const std::size_t n = variables_.size();
  const double allowed = allowed_bound(best);
  std::vector<Move> result;
  const auto change = [&](std::size_t i, std::size_t level) { return predicted(i, level) - predicted(i, best.levels[i]); };
  const auto propose = [&](Levels levels, double bound) {
    const double gain = best.price - price_of(variables_, levels);
    if (gain <= 0 || bound > allowed || seen_.count(levels) > 0) return;
    result.push_back({std::move(levels), gain, bound});
  };
  for (std::size_t down = 0; down < n; ++down) {
    for (std::size_t step = 1; step <= 2 && step <= best.levels[down]; ++step) {
      if (!(variables_[down].price > 0)) continue;
      Levels lowered = best.levels;
      lowered[down] -= step;
      const double bound = best.evaluation.bound + change(down, lowered[down]);
      propose(lowered, bound);
      for (std::size_t up = 0; up < n; ++up) {
        if (up == down) continue;
        for (std::size_t rise = 1; rise <= 2 && lowered[up] + rise < variables_[up].levels.size(); ++rise) {
          Levels swapped = lowered;
          swapped[up] += rise;
          propose(swapped, bound + change(up, swapped[up]));
        }
      }
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const Move& a, const Move& b) {
    return a.gain != b.gain ? a.gain > b.gain : a.bound < b.bound;
  });
  return result;
}

Result<bool> Search::improve_once(int& trials) {
  for (const Move& move : moves()) {
    if (trials >= kTrialLimit || evaluator_.stopped()) return false;
    ++trials;
    auto evaluation = assess(move.levels);
    if (!evaluation) return fail(evaluation.error());
    if (evaluation->met) return true;
  }
  return false;
}

Result<void> Search::improve() {
  int trials = 0;
  while (!accepted_.empty()) {
    auto improved = improve_once(trials);
    if (!improved) return fail(improved.error());
    if (options_.progress && *improved) options_.progress("cost " + std::to_string(accepted_.back().price));
    if (!*improved) break;
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
      if (bound > allowed_bound(next)) break;
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
