#include "space.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

constexpr int kWidenings = 6;
constexpr int kMostBitsAtOnce = 8;

}  // namespace

double precision_on(const Variable& variable, const Format& format) {
  if (format.family == FormatFamily::kFixed) return format.fraction_bits + 1;
  return ladder({FormatPattern{.single = format}}, variable.range, Fit::kRounded).front().precision;
}

SearchSpace::SearchSpace(Evaluator& evaluator, std::vector<Variable> variables, const std::vector<FormatPattern>& patterns,
                         const FormatAssignment& base, const CostModel& model, const TuneOptions& options)
    : evaluator_(evaluator), variables_(std::move(variables)), patterns_(patterns), base_(base), model_(model), options_(options) {
  pricing_.emplace(model_, base_, variables_);
}

bool SearchSpace::widen_overflows(const Evaluation& evaluation, const std::vector<double>& precision, Levels& levels) {
  bool widened = false;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    Variable& variable = variables_[i];
    if (variable.role == Role::kWeight || variable.role == Role::kBias || variable.levels.size() == 1) continue;
    int missing = 0;
    for (const OverflowPlace& place : evaluation.overflows) {
      const bool here = std::find(variable.places.begin(), variable.places.end(), Place{place.node, place.role}) != variable.places.end();
      if (here) missing = std::max(missing, std::clamp(place.missing_bits, 1, kMostBitsAtOnce));
    }
    if (missing == 0) continue;
    widen(variable, patterns_, missing);
    levels[i] = level_at_least(variable.levels, precision[i]);
    widened = true;
  }
  return widened;
}

Result<Levels> SearchSpace::settle(const std::vector<double>& precision) {
  Levels levels;
  for (std::size_t i = 0; i < variables_.size(); ++i) levels.push_back(level_at_least(variables_[i].levels, precision[i]));
  bool changed = false;
  for (int round = 0; round < kWidenings && !stopped(); ++round) {
    auto evaluation = evaluator_.probe(formats_of(levels));
    if (!evaluation) return fail(evaluation.error());
    if (!widen_overflows(*evaluation, precision, levels)) break;
    changed = true;
  }
  if (changed) {
    seen_.clear();
    earlier_.insert(earlier_.end(), accepted_.begin(), accepted_.end());
    accepted_.clear();
    pricing_.emplace(model_, base_, variables_);
  }
  for (std::size_t i = 0; i < variables_.size(); ++i) variables_[i].price = pricing_->slope(levels, i);
  set_pressures(variables_);
  return levels;
}

void SearchSpace::record(const Levels& levels, const Evaluation& evaluation) {
  seen_.emplace(levels, evaluation);
  if (!evaluation.met) return;
  const double cost = price(levels);
  if (!accepted_.empty() && cost >= accepted_.back().price) return;
  accepted_.push_back({.levels = levels, .formats = formats_of(levels), .evaluation = evaluation, .price = cost});
  report();
}

Result<Evaluation> SearchSpace::assess(const Levels& levels) {
  if (const auto known = seen_.find(levels); known != seen_.end()) return known->second;
  auto evaluation = evaluator_.probe(formats_of(levels));
  if (!evaluation) return fail(evaluation.error());
  record(levels, *evaluation);
  return evaluation;
}

Result<std::vector<Evaluation>> SearchSpace::assess_all(const std::vector<Levels>& candidates) {
  std::vector<FormatAssignment> open;
  for (const Levels& levels : candidates) {
    if (!is_known(levels)) open.push_back(formats_of(levels));
  }
  if (auto ahead = evaluator_.probe_all(open); !ahead) return fail(ahead.error());
  std::vector<Evaluation> evaluations;
  for (const Levels& levels : candidates) {
    auto evaluation = assess(levels);
    if (!evaluation) return fail(evaluation.error());
    evaluations.push_back(*std::move(evaluation));
  }
  return evaluations;
}

Result<void> SearchSpace::foresee(const std::vector<Levels>& candidates) {
  if (evaluator_.foresight() < 2) return {};
  std::vector<FormatAssignment> formats;
  for (const Levels& levels : candidates) {
    if (!is_known(levels)) formats.push_back(formats_of(levels));
  }
  return evaluator_.foresee(formats);
}

void SearchSpace::accept_trimmed(const Levels& levels, const Evaluation& evaluation) {
  accepted_.push_back({.levels = levels, .formats = formats_of(levels), .evaluation = evaluation, .price = price(levels)});
}

double SearchSpace::unit_of(const Evaluation& evaluation) const {
  if (evaluation.by_margins) return 1;
  const double error = error_of(evaluation);
  return evaluation.bound > 0 && std::isfinite(error) && std::isfinite(evaluation.bound) ? error / evaluation.bound : 1;
}

double SearchSpace::amount(const Evaluation& evaluation, std::size_t i) const {
  return unit_of(evaluation) * amount_of(evaluation.deciding(), variables_[i]);
}

bool SearchSpace::costs_add_up() const {
  const Levels top = widest();
  Levels lower = top;
  double single = 0;
  for (std::size_t i = 0; i < top.size(); ++i) {
    if (top[i] == 0) continue;
    --lower[i];
    single += price_change(top, i, lower[i]);
  }
  const double together = price(lower) - price(top);
  return std::fabs(together - single) <= 1e-6 * std::fabs(single);
}

Levels SearchSpace::widest() const {
  Levels levels;
  for (const Variable& variable : variables_) levels.push_back(variable.levels.size() - 1);
  return levels;
}

void SearchSpace::report() const {
  if (!options_.progress || accepted_.empty()) return;
  const auto done = evaluator_.evaluations();
  const double seconds = evaluator_.seconds(), each = done > 0 ? seconds / static_cast<double>(done) : 0;
  const auto end = std::min(std::max(expected_end_, done), options_.evaluation_limit);
  const double left = std::min(each * static_cast<double>(end - done), std::max(0.0, options_.time_limit_seconds - seconds));
  char line[160];
  std::snprintf(line, sizeof line, "%lld evaluations, cost %.6g, %.1f s, at most %.0f s left", static_cast<long long>(done),
                accepted_.back().price, seconds, std::ceil(left));
  options_.progress(line);
}

}  // namespace halfulp
