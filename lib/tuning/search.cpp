// The search as a whole, and steps 3 and 4: the front of predictions and the walk along it.
#include "search.hpp"

#include <algorithm>
#include <cmath>

#include "front.hpp"

namespace halfulp {
namespace {

constexpr int kWalkLimit = 14;
constexpr double kCloseEnough = 5e-4;  // relative price between a proved and an unproved point of the front

// The cheapest point whose predicted error is at most `error`.
std::size_t point_within(const std::vector<FrontPoint>& front, double error) {
  std::size_t i = 0;
  while (i + 1 < front.size() && front[i].error > error) ++i;
  return i;
}

// Unproved below, proved above: indices into the front, -1 and size() if unknown.
struct Bracket {
  std::ptrdiff_t unmet = -1;
  std::ptrdiff_t met = 0;
  std::ptrdiff_t clamp(std::ptrdiff_t index) const { return std::clamp(index, unmet + 1, met - 1); }
};

}  // namespace

Result<Evaluation> Search::assess(const Levels& levels) {
  if (const auto known = seen_.find(levels); known != seen_.end()) return known->second;
  auto evaluation = evaluator_.probe(formats_of(levels));
  if (!evaluation) return fail(evaluation.error());
  seen_.emplace(levels, *evaluation);
  if (tables_.size() == variables_.size()) learn(levels, *evaluation);
  Found found{.levels = levels, .formats = formats_of(levels), .evaluation = *evaluation, .price = price_of(variables_, levels)};
  if (!nearest_ || found.evaluation.bound < nearest_->evaluation.bound) nearest_ = found;
  if (found.evaluation.met && (accepted_.empty() || found.price < accepted_.back().price)) accepted_.push_back(std::move(found));
  return evaluation;
}

Result<void> Search::consider(const Levels& levels) {
  if (auto evaluation = assess(levels); !evaluation) return fail(evaluation.error());
  return {};
}

void Search::learn(const Levels& levels, const Evaluation& evaluation) {
  for (std::size_t i = 0; i < variables_.size(); ++i) tables_[i][levels[i]] = amount_of(evaluation.contributions, variables_[i]);
}

// From the table, or from its nearest entry by the rule that a bit halves the error.
double Search::predicted(std::size_t variable, std::size_t level) const {
  const Table& table = tables_[variable];
  if (table.empty()) return 0;
  auto near = table.lower_bound(level);
  if (near == table.end()) --near;
  if (near->first == level) return influence_[variable] * near->second;
  const auto& levels = variables_[variable].levels;
  return influence_[variable] * near->second * std::exp2(levels[near->first].precision - levels[level].precision);
}

Result<void> Search::walk(double budget) {
  std::vector<std::size_t> paid;
  std::vector<std::vector<Choice>> choices;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    if (!(variables_[i].price > 0)) continue;
    paid.push_back(i);
    std::vector<Choice> options;
    for (const auto& [level, amount] : tables_[i]) {
      options.push_back({variables_[i].price * variables_[i].levels[level].format.width_bits, influence_[i] * amount});
    }
    if (options.empty()) return {};  // stopped before anything was tabulated
    choices.push_back(std::move(options));
  }
  if (paid.empty()) return {};
  const std::vector<FrontPoint> front = pareto_front(choices);
  const auto levels_at = [&](std::size_t point) {
    Levels levels = centre_;
    for (std::size_t k = 0; k < paid.size(); ++k) {
      auto entry = tables_[paid[k]].begin();
      std::advance(entry, static_cast<std::ptrdiff_t>(front[point].picks[k]));
      levels[paid[k]] = entry->first;
    }
    return levels;
  };
  // assess() learns into the tables, so that the selections are fixed first.
  std::vector<Levels> selections;
  for (std::size_t point = 0; point < front.size(); ++point) selections.push_back(levels_at(point));

  Bracket bracket{.unmet = -1, .met = static_cast<std::ptrdiff_t>(front.size())};
  auto index = static_cast<std::ptrdiff_t>(point_within(front, budget - free_amount_));
  for (int trial = 0; trial < kWalkLimit && bracket.unmet + 1 < bracket.met && !evaluator_.stopped(); ++trial) {
    const auto at = static_cast<std::size_t>(index);
    auto evaluation = assess(selections[at]);
    if (!evaluation) return fail(evaluation.error());
    (evaluation->met ? bracket.met : bracket.unmet) = index;
    const bool closed = bracket.unmet >= 0 && bracket.met < static_cast<std::ptrdiff_t>(front.size());
    if (closed && front[static_cast<std::size_t>(bracket.met)].cost * (1 - kCloseEnough) <= front[static_cast<std::size_t>(bracket.unmet)].cost) break;
    double aim = (front[at].error + free_amount_) * (evaluation->met ? 2 : 0.5);
    if (options_.max_error && evaluation->bound > 0) aim = (front[at].error + free_amount_) * budget / evaluation->bound;
    const bool bisect = closed && (!options_.max_error || trial > 4);
    index = bisect ? (bracket.unmet + bracket.met) / 2 : static_cast<std::ptrdiff_t>(point_within(front, aim - free_amount_));
    index = bracket.clamp(index);
  }
  return {};
}

bool Search::refine(Levels& levels, const Evaluation& evaluation) const {
  std::optional<std::size_t> best;
  double best_rate = -1;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    if (levels[i] + 1 >= variables_[i].levels.size()) continue;
    const double rate = amount_of(evaluation.contributions, variables_[i]) / variables_[i].pressure;
    if (rate > best_rate) {
      best = i;
      best_rate = rate;
    }
  }
  if (best) ++levels[*best];
  return best.has_value();
}

Result<void> Search::run(double budget) {
  if (auto done = tabulate(); !done) return done;
  if (auto done = walk(budget); !done) return done;
  return improve();
}

}  // namespace halfulp
