// Steps 1 and 2 of the search: the continuous centre and the tables of contributions around it.
#include <algorithm>
#include <cmath>

#include "relaxation.hpp"
#include "search.hpp"

namespace halfulp {
namespace {

constexpr int kCoarser = 3, kFiner = 2;  // levels tabulated below and above the centre
constexpr int kWidenings = 6;
constexpr double kExplained = 0.9;             // share of the bound that the variables' own contributions should make up

std::size_t shifted(std::size_t level, int offset, std::size_t count) {
  const auto moved = static_cast<std::ptrdiff_t>(level) + offset;
  return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(moved, 0, static_cast<std::ptrdiff_t>(count) - 1));
}

// precision = -log2(largest rounding error) of a format on the variable's range.
double precision_on(const Variable& variable, const Format& format) {
  if (format.family == FormatFamily::kFixed) return format.fraction_bits + 1;
  const auto levels = ladder({FormatPattern{.single = format}}, variable.range, Fit::kRounded);
  return levels.front().precision;
}

}  // namespace

std::vector<double> Search::relaxed_precision(const FormatAssignment& near, const Evaluation& evaluation, double budget) const {
  std::vector<RelaxedVariable> relaxed;
  double total = 0;
  for (const Contribution& each : evaluation.contributions) total += each.amount;
  // A residual that happens to be zero says nothing about fewer bits: it is taken as a small share.
  const double least = std::max(total, budget) * 1e-6;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const Variable& variable = variables_[i];
    NodeFormats formats = near[static_cast<std::size_t>(variable.node)];
    const auto& format = format_of(formats, variable.role);
    const double amount = std::max(influence_[i] * amount_of(evaluation.contributions, variable), least);
    const double precision = format ? precision_on(variable, *format) : variable.levels.back().precision;
    relaxed.push_back({.cost = variable.pressure,
                       .amount = amount * std::exp2(precision),
                       .low = variable.levels.front().precision,
                       .high = variable.levels.back().precision});
  }
  return relax(relaxed, budget);
}

Result<void> Search::find_centre(const FormatAssignment& near, const Evaluation& evaluation, double budget) {
  influence_.assign(variables_.size(), 1);
  precision_ = relaxed_precision(near, evaluation, budget);
  if (auto done = settle_integer_bits(); !done) return done;
  auto measured = measure_influence();
  if (!measured) return fail(measured.error());
  if (!*measured || evaluator_.stopped()) return {};
  auto at_centre = evaluator_.probe(formats_of(centre_));
  if (!at_centre) return fail(at_centre.error());
  precision_ = relaxed_precision(formats_of(centre_), *at_centre, budget);
  return settle_integer_bits();
}

// The centre's levels, with as many integer bits as its ranges need.
Result<void> Search::settle_integer_bits() {
  centre_.clear();
  for (std::size_t i = 0; i < variables_.size(); ++i) centre_.push_back(level_at_least(variables_[i].levels, precision_[i]));
  for (int round = 0; round < kWidenings && !evaluator_.stopped(); ++round) {
    auto at_centre = evaluator_.probe(formats_of(centre_));
    if (!at_centre) return fail(at_centre.error());
    if (!widen_overflows(*at_centre)) break;
  }
  return {};
}

// False if the variables' contributions explain the bound already.
Result<bool> Search::measure_influence() {
  if (evaluator_.stopped()) return false;
  auto at_centre = evaluator_.probe(formats_of(centre_));
  if (!at_centre) return fail(at_centre.error());
  double total = 0, own = 0;
  for (const Contribution& each : at_centre->contributions) total += each.amount;
  for (const Variable& variable : variables_) own += amount_of(at_centre->contributions, variable);
  if (own >= kExplained * total) return false;
  for (std::size_t i = 0; i < variables_.size() && !evaluator_.stopped(); ++i) {
    if (centre_[i] == 0) continue;
    Levels coarser = centre_;
    --coarser[i];
    auto evaluation = evaluator_.probe(formats_of(coarser));
    if (!evaluation) return fail(evaluation.error());
    const double before = amount_of(at_centre->contributions, variables_[i]);
    const double change = amount_of(evaluation->contributions, variables_[i]) - before;
    const double moved = evaluation->bound - at_centre->bound;
    const double reference = change > 0 ? change : before;
    if (moved > 0 && reference > 0) influence_[i] = std::max(1.0, moved / reference);
  }
  return true;
}

bool Search::widen_overflows(const Evaluation& evaluation) {
  bool widened = false;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    Variable& variable = variables_[i];
    for (const OverflowPlace& place : evaluation.overflows) {
      if (place.role != Role::kOutput || variable.role != Role::kOutput || place.node != variable.node) continue;
      if (variable.levels.size() == 1) break;
      widen(variable, patterns_, std::clamp(place.missing_bits, 1, 8));
      centre_[i] = level_at_least(variable.levels, precision_[i]);
      widened = true;
      break;
    }
  }
  return widened;
}

Result<void> Search::tabulate() {
  tables_.assign(variables_.size(), {});
  for (int offset = -kCoarser; offset <= kFiner && !evaluator_.stopped(); ++offset) {
    Levels levels = centre_;
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      if (variables_[i].price > 0) levels[i] = shifted(centre_[i], offset, variables_[i].levels.size());
    }
    if (auto evaluation = assess(levels); !evaluation) return fail(evaluation.error());
  }
  free_amount_ = 0;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    if (!(variables_[i].price > 0)) free_amount_ += predicted(i, centre_[i]);
  }
  return {};
}

}  // namespace halfulp
