// Steps 3 and 4 of the guided search: the front of predictions and the walk along it.
#include "search.hpp"

#include <algorithm>
#include <cmath>

#include "front.hpp"

namespace halfulp {
namespace {

constexpr int kWalkLimit = 14;
constexpr double kCloseEnough = 5e-3;  // relative price between a proved and an unproved point of the front

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

Result<Evaluation> GuidedSearch::assess(const Levels& levels) {
  const bool fresh = !space_.is_known(levels);
  auto evaluation = space_.assess(levels);
  if (evaluation && fresh && tables_.size() == space_.size()) learn(levels, *evaluation);
  return evaluation;
}

void GuidedSearch::learn(const Levels& levels, const Evaluation& evaluation) {
  Tried& tried = tried_.emplace_back(Tried{.levels = levels, .error = space_.error_of(evaluation), .amounts = {}});
  for (std::size_t i = 0; i < space_.size(); ++i) {
    tried.amounts.push_back(space_.amount(evaluation, i));
    tables_[i][levels[i]] = tried.amounts.back();
  }
}

// From the table, or from its nearest entry by the rule that a bit halves the error.
double GuidedSearch::predicted(std::size_t variable, std::size_t level) const {
  const Table& table = tables_[variable];
  if (table.empty()) return 0;
  auto near = table.lower_bound(level);
  if (near == table.end()) --near;
  if (near->first == level) return influence_[variable] * near->second;
  const auto& levels = space_.variables()[variable].levels;
  return influence_[variable] * near->second * std::exp2(levels[near->first].precision - levels[level].precision);
}

Result<void> GuidedSearch::walk() {
  std::vector<std::size_t> paid;
  std::vector<std::vector<Choice>> choices;
  const double centre_price = space_.price(centre_);
  for (std::size_t i = 0; i < space_.size(); ++i) {
    if (space_.is_free(i)) continue;
    paid.push_back(i);
    std::vector<Choice> options;
    for (const auto& [level, amount] : tables_[i]) options.push_back({space_.price_change(centre_, i, level), influence_[i] * amount});
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

  const bool limited = space_.options().measures();
  Bracket bracket{.unmet = -1, .met = static_cast<std::ptrdiff_t>(front.size())};
  auto index = static_cast<std::ptrdiff_t>(point_within(front, start_.budget - free_amount_));
  space_.expect(kWalkLimit);
  for (int trial = 0; trial < kWalkLimit && bracket.unmet + 1 < bracket.met && !space_.stopped(); ++trial) {
    const auto at = static_cast<std::size_t>(index);
    auto evaluation = assess(selections[at]);
    if (!evaluation) return fail(evaluation.error());
    (evaluation->met ? bracket.met : bracket.unmet) = index;
    const bool closed = bracket.unmet >= 0 && bracket.met < static_cast<std::ptrdiff_t>(front.size());
    const auto cost_at = [&](std::ptrdiff_t point) { return centre_price + front[static_cast<std::size_t>(point)].cost; };
    if (closed && cost_at(bracket.met) * (1 - kCloseEnough) <= cost_at(bracket.unmet)) break;
    const double error = space_.error_of(*evaluation);
    double aim = (front[at].error + free_amount_) * (evaluation->met ? 2 : 0.5);
    if (limited && error > 0) aim = (front[at].error + free_amount_) * start_.budget / error;
    const bool bisect = closed && (!limited || trial > 4);
    index = bisect ? (bracket.unmet + bracket.met) / 2 : static_cast<std::ptrdiff_t>(point_within(front, aim - free_amount_));
    index = bracket.clamp(index);
  }
  return {};
}

}  // namespace halfulp
