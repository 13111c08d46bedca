// What a strategy works with: the variables and their ladders, what levels cost, what is known of those that were tried, and the best
// of them. Every assignment that a strategy finds goes through assess(), so that none is accepted without being verified.
#pragma once

#include <map>
#include <optional>

#include "evaluator.hpp"
#include "pricing.hpp"

namespace halfulp {

struct Found {
  Levels levels;
  FormatAssignment formats;
  Evaluation evaluation;
  double price = 0;
};

class SearchSpace {
 public:
  SearchSpace(Evaluator& evaluator, std::vector<Variable> variables, const std::vector<FormatPattern>& patterns,
              const FormatAssignment& base, const CostModel& model, const TuneOptions& options);

  const TuneOptions& options() const { return options_; }
  Evaluator& evaluator() { return evaluator_; }
  const std::vector<Variable>& variables() const { return variables_; }
  std::size_t size() const { return variables_.size(); }
  bool is_free(std::size_t i) const { return !(variables_[i].price > 0); }

  // Levels of at least these precisions, with as many integer bits as the ranges then need: ladders may be rebuilt here, and only here;
  // levels from before mean nothing after.
  Result<Levels> settle(const std::vector<double>& precision);

  Result<Evaluation> assess(const Levels& levels);
  Result<std::vector<Evaluation>> assess_all(const std::vector<Levels>& candidates);
  // Computes ahead what may be assessed next, if that keeps idle workers busy.
  Result<void> foresee(const std::vector<Levels>& candidates);
  bool is_known(const Levels& levels) const { return seen_.contains(levels); }
  // The assignments that met the requirement when probed, cheapest last.
  const std::vector<Found>& accepted() const { return accepted_; }
  // The same from before ladders were rebuilt: their formats still stand, their levels mean nothing any more.
  const std::vector<Found>& accepted_earlier() const { return earlier_; }
  // Whether one level less everywhere saves what the single steps add up to.
  bool costs_add_up() const;
  // A free variable became narrower: no cheaper, but better.
  void accept_trimmed(const Levels& levels, const Evaluation& evaluation);

  FormatAssignment formats_of(const Levels& levels) const { return with_levels(base_, variables_, levels); }
  double price(const Levels& levels) const { return pricing_->total(levels); }
  double price_change(const Levels& levels, std::size_t i, std::size_t level) const { return pricing_->change(levels, i, level); }
  Levels widest() const;

  // The quantity that the goals limit and its unit in contributions: the load if there is one, else the bound itself.
  double error_of(const Evaluation& evaluation) const { return options_.measures() ? evaluation.load : evaluation.bound; }
  double unit_of(const Evaluation& evaluation) const;
  double amount(const Evaluation& evaluation, std::size_t i) const;

  bool stopped() { return evaluator_.stopped(); }
  // At most so many further assessments are planned: for the estimate of the time left.
  void expect(std::int64_t assessments) { expected_end_ = evaluator_.evaluations() + assessments; }
  void report() const;

 private:
  bool widen_overflows(const Evaluation& evaluation, const std::vector<double>& precision, Levels& levels);
  void record(const Levels& levels, const Evaluation& evaluation);

  Evaluator& evaluator_;
  std::vector<Variable> variables_;
  const std::vector<FormatPattern>& patterns_;
  const FormatAssignment& base_;
  const CostModel& model_;
  const TuneOptions& options_;
  std::optional<Pricing> pricing_;
  std::map<Levels, Evaluation> seen_;
  std::vector<Found> accepted_, earlier_;
  std::int64_t expected_end_ = 0;
};

// -log2(largest rounding error) of a format on the variable's range.
double precision_on(const Variable& variable, const Format& format);

}  // namespace halfulp
