#include "baseline.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace halfulp {
namespace {

constexpr int kFirstFractionBits = 12;
constexpr int kGuesses = 6;  // by the load, before plain bisection

class Trials {
 public:
  Trials(Evaluator& evaluator, const std::vector<Variable>& variables, const FormatAssignment& base, const CostModel& model)
      : evaluator_(evaluator), variables_(variables), base_(base), model_(model) {}

  double cost(const Format& format) const { return model_.total(uniform_formats(base_, variables_, format)).total; }
  bool beats_met(const Format& format) const { return !found.met || cost(format) < cost(found.met->format); }

  // Whether the uniform format is proved.
  Result<bool> try_format(const Format& format) {
    Uniform trial{.format = format, .formats = uniform_formats(base_, variables_, format), .evaluation = {}};
    auto evaluation = evaluator_.prove(trial.formats);
    if (!evaluation) return fail(evaluation.error());
    trial.evaluation = *std::move(evaluation);
    const bool met = trial.evaluation.met;
    last_load_ = trial.evaluation.load;
    if (met && beats_met(format)) found.met = trial;
    if (!found.nearest || trial.evaluation.bound < found.nearest->evaluation.bound) found.nearest = std::move(trial);
    return met;
  }
  double last_load() const { return last_load_; }
  bool stopped() { return evaluator_.stopped(); }

  BaselineSearch found;

 private:
  Evaluator& evaluator_;
  const std::vector<Variable>& variables_;
  const FormatAssignment& base_;
  const CostModel& model_;
  double last_load_ = 0;
};

// Fraction bits that a load suggests: a bit halves it.
int guess_after(int fraction, double load) { return fraction + static_cast<int>(std::ceil(std::log2(load))); }

// The least proved F, between `unmet` (too few) and `met` (enough), found by steps that double away from `guess`.
class FixedSearch {
 public:
  FixedSearch(Trials& trials, const FormatPattern& pattern, const std::vector<Variable>& variables)
      : trials_(trials), pattern_(pattern), variables_(variables) {
    while (low_ < high_ && !uniform_fixed(pattern, variables, low_)) ++low_;
    while (high_ > low_ && !uniform_fixed(pattern, variables, high_)) --high_;
  }

  Result<void> run(bool measures) {
    if (!uniform_fixed(pattern_, variables_, high_)) return {};
    int probe = std::clamp(kFirstFractionBits, low_, high_);
    int step = 1;
    unmet_ = low_ - 1;
    for (int trial = 0; unmet_ + 1 < met_.value_or(high_ + 1) && !trials_.stopped(); ++trial) {
      auto met = trials_.try_format(*uniform_fixed(pattern_, variables_, probe));
      if (!met) return fail(met.error());
      if (*met) {
        met_ = probe;
      } else {
        unmet_ = probe;
      }
      const double load = trials_.last_load();
      if (measures && load > 0 && std::isfinite(load) && trial < kGuesses) {
        const int guess = guess_after(probe, load);
        probe = inside(*met ? std::min(guess, probe - 1) : std::max(guess, probe + 1));
      } else if (met_ && unmet_ >= low_) {
        probe = inside((*met_ + unmet_) / 2);
      } else {
        probe = inside(*met ? probe - step : probe + step);
        step *= 2;
      }
    }
    return {};
  }

 private:
  int inside(int fraction) const { return std::clamp(fraction, unmet_ + 1, met_.value_or(high_ + 1) - 1); }

  Trials& trials_;
  const FormatPattern& pattern_;
  const std::vector<Variable>& variables_;
  int low_ = -64, high_ = 256;
  int unmet_ = 0;
  std::optional<int> met_;
};

}  // namespace

FormatAssignment uniform_formats(FormatAssignment base, const std::vector<Variable>& variables, const Format& format) {
  for (const Variable& variable : variables) {
    for (const Place& place : variable.places) format_of(base[static_cast<std::size_t>(place.node)], place.role) = format;
  }
  return base;
}

std::optional<Format> uniform_fixed(const FormatPattern& pattern, const std::vector<Variable>& variables, int fraction_bits) {
  int integer_bits = pattern.min_width - fraction_bits;
  for (const Variable& variable : variables) {
    const auto needed = integer_bits_for(fraction_bits, pattern.is_signed, variable.range, variable.fit);
    if (!needed) return std::nullopt;
    integer_bits = std::max(integer_bits, *needed);
  }
  const int width = integer_bits + fraction_bits;
  if (width > pattern.max_width) return std::nullopt;
  return pattern.is_signed ? make_fixed(width, integer_bits) : make_ufixed(width, integer_bits);
}

Result<BaselineSearch> find_baseline(Evaluator& evaluator, const std::vector<Variable>& variables,
                                     const std::vector<FormatPattern>& patterns, const FormatAssignment& base, const CostModel& model,
                                     bool measures) {
  Trials trials(evaluator, variables, base, model);
  std::vector<Format> singles;
  for (const FormatPattern& pattern : patterns) {
    if (pattern.single) singles.push_back(*pattern.single);
    if (!pattern.is_fixed_family) continue;
    FixedSearch search(trials, pattern, variables);
    if (auto done = search.run(measures); !done) return fail(done.error());
  }
  std::stable_sort(singles.begin(), singles.end(), [&](const Format& a, const Format& b) { return trials.cost(a) < trials.cost(b); });
  for (const Format& format : singles) {
    if (trials.stopped() || !trials.beats_met(format)) break;
    if (auto met = trials.try_format(format); !met) return fail(met.error());
  }
  return std::move(trials.found);
}

}  // namespace halfulp
