// Steps 1 and 2 of the search: the continuous centre and the tables of contributions around it.
#include <algorithm>
#include <cmath>

#include "relaxation.hpp"
#include "search.hpp"

namespace halfulp {
namespace {

constexpr int kCoarser = 3, kFiner = 2;  // levels tabulated below and above the centre
constexpr int kWidenings = 6;

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

Result<void> Search::find_centre(const FormatAssignment& near, const Evaluation& evaluation, double budget) {
  std::vector<RelaxedVariable> relaxed;
  double total = 0;
  for (const Contribution& each : evaluation.contributions) total += each.amount;
  // A residual that happens to be zero says nothing about fewer bits: it is taken as a small share.
  const double least = std::max(total, budget) * 1e-6;
  for (const Variable& variable : variables_) {
    NodeFormats formats = near[static_cast<std::size_t>(variable.node)];
    const auto& format = format_of(formats, variable.role);
    const double amount = std::max(amount_of(evaluation.contributions, variable), least);
    const double precision = format ? precision_on(variable, *format) : variable.levels.back().precision;
    relaxed.push_back({.cost = variable.pressure,
                       .amount = amount * std::exp2(precision),
                       .low = variable.levels.front().precision,
                       .high = variable.levels.back().precision});
  }
  precision_ = relax(relaxed, budget);
  centre_.clear();
  for (std::size_t i = 0; i < variables_.size(); ++i) centre_.push_back(level_at_least(variables_[i].levels, precision_[i]));
  for (int round = 0; round < kWidenings && !evaluator_.stopped(); ++round) {
    auto at_centre = evaluator_.probe(formats_of(centre_));
    if (!at_centre) return fail(at_centre.error());
    if (!widen_overflows(*at_centre)) break;
  }
  return {};
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
