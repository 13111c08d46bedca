// Steps 1 and 2 of the guided search: the continuous centre and the tables of contributions around it.
#include <algorithm>
#include <cmath>

#include "relaxation.hpp"
#include "search.hpp"

namespace halfulp {
namespace {

constexpr double kExplained = 0.9;  // share of the bound that the variables' own contributions should make up

std::size_t shifted(std::size_t level, int offset, std::size_t count) {
  const auto moved = static_cast<std::ptrdiff_t>(level) + offset;
  return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(moved, 0, static_cast<std::ptrdiff_t>(count) - 1));
}

}  // namespace

std::vector<double> GuidedSearch::relaxed_precision(const FormatAssignment& near, const Evaluation& evaluation) const {
  std::vector<RelaxedVariable> relaxed;
  double total = 0;
  for (const Contribution& each : evaluation.deciding()) total += space_.unit_of(evaluation) * each.amount;
  // A residual that happens to be zero says nothing about fewer bits: it is taken as a small share.
  const double least = std::max(total, start_.budget) * 1e-6;
  for (std::size_t i = 0; i < space_.size(); ++i) {
    const Variable& variable = space_.variables()[i];
    const Place& place = variable.places.front();
    NodeFormats formats = near[static_cast<std::size_t>(place.node)];
    const auto& format = format_of(formats, place.role);
    const double amount = std::max(influence_[i] * space_.amount(evaluation, i), least);
    const double precision = format ? precision_on(variable, *format) : variable.levels.back().precision;
    relaxed.push_back({.cost = variable.pressure,
                       .amount = amount * std::exp2(precision),
                       .low = variable.levels.front().precision,
                       .high = variable.levels.back().precision});
  }
  return relax(relaxed, start_.budget);
}

Result<void> GuidedSearch::start_centre() {
  precision_ = start_.precision;
  auto centre = space_.settle(precision_);
  if (!centre) return fail(centre.error());
  centre_ = *std::move(centre);
  return {};
}

Result<void> GuidedSearch::relax_centre() {
  precision_ = relaxed_precision(start_.formats, start_.evaluation);
  auto centre = space_.settle(precision_);
  if (!centre) return fail(centre.error());
  centre_ = *std::move(centre);
  // Where the requirement holds here, a short budget has something to show for.
  if (auto known = space_.assess(centre_); !known) return fail(known.error());
  auto measured = measure_influence();
  if (!measured) return fail(measured.error());
  if (!*measured || space_.stopped()) return {};
  auto at_centre = space_.evaluator().sketch(space_.formats_of(centre_));
  if (!at_centre) return fail(at_centre.error());
  precision_ = relaxed_precision(space_.formats_of(centre_), *at_centre);
  centre = space_.settle(precision_);
  if (!centre) return fail(centre.error());
  centre_ = *std::move(centre);
  return {};
}

// False if the variables' contributions explain the bound already.
Result<bool> GuidedSearch::measure_influence() {
  if (space_.stopped()) return false;
  auto at_centre = space_.evaluator().sketch(space_.formats_of(centre_));
  if (!at_centre) return fail(at_centre.error());
  double total = 0, own = 0;
  for (const Contribution& each : at_centre->deciding()) total += each.amount;
  for (const Variable& variable : space_.variables()) own += amount_of(at_centre->deciding(), variable);
  if (own >= kExplained * total) return false;
  std::vector<std::size_t> moved;
  std::vector<FormatAssignment> coarser;
  for (std::size_t i = 0; i < space_.size(); ++i) {
    if (centre_[i] == 0) continue;
    Levels levels = centre_;
    --levels[i];
    moved.push_back(i);
    coarser.push_back(space_.formats_of(levels));
  }
  const std::size_t ahead = space_.evaluator().foresight();
  for (std::size_t k = 0; k < moved.size() && !space_.stopped(); ++k) {
    if (k % ahead == 0) {
      const auto end = coarser.begin() + static_cast<std::ptrdiff_t>(std::min(coarser.size(), k + ahead));
      if (auto done = space_.evaluator().foresee({coarser.begin() + static_cast<std::ptrdiff_t>(k), end}); !done) return fail(done.error());
    }
    auto evaluation = space_.evaluator().sketch(coarser[k]);
    if (!evaluation) return fail(evaluation.error());
    const std::size_t i = moved[k];
    const double before = space_.amount(*at_centre, i);
    const double change = space_.amount(*evaluation, i) - before;
    const double rise = space_.error_of(*evaluation) - space_.error_of(*at_centre);
    const double reference = change > 0 ? change : before;
    if (rise > 0 && reference > 0) influence_[i] = std::max(1.0, rise / reference);
  }
  return true;
}

Result<void> GuidedSearch::tabulate(int coarser, int finer) {
  tables_.assign(space_.size(), {});
  std::vector<Levels> rows;
  for (int offset = -coarser; offset <= finer; ++offset) {
    Levels levels = centre_;
    for (std::size_t i = 0; i < space_.size(); ++i) {
      if (!space_.is_free(i)) levels[i] = shifted(centre_[i], offset, space_.variables()[i].levels.size());
    }
    rows.push_back(std::move(levels));
  }
  const std::size_t ahead = space_.evaluator().foresight();
  for (std::size_t k = 0; k < rows.size() && !space_.stopped(); ++k) {
    if (k % ahead == 0) {
      const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), k + ahead));
      if (auto done = space_.foresee({rows.begin() + static_cast<std::ptrdiff_t>(k), end}); !done) return done;
    }
    auto evaluation = space_.assess(rows[k]);
    if (!evaluation) return fail(evaluation.error());
    learn(rows[k], *evaluation);
  }
  free_amount_ = 0;
  for (std::size_t i = 0; i < space_.size(); ++i) {
    if (space_.is_free(i)) free_amount_ += predicted(i, centre_[i]);
  }
  return {};
}

}  // namespace halfulp
