#include "goals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "margins.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

// Proved bounds stay below their limits by this relative margin, for a proof by another arithmetic differs in the last digits.
constexpr double kSlack = 1e-9;

bool is_tolerance(double x) { return x > 0 && std::isfinite(x); }

Result<void> check_values(const LoweredGraph& graph, const Goals& goals) {
  for (const auto& limit : {goals.max_error, goals.max_relative_error, goals.max_observed_error, goals.mean_observed_error}) {
    if (limit && !is_tolerance(*limit)) return fail("E0802", "the largest error must be a positive number");
  }
  for (const auto& [output, limit] : goals.output_errors) {
    if (output >= graph.graph->outputs.size()) return fail("E0802", "the network has no output " + std::to_string(output));
    if (!is_tolerance(limit)) return fail("E0802", "the largest error must be a positive number");
  }
  if (goals.certify_share && !(*goals.certify_share > 0 && *goals.certify_share <= 1)) {
    return fail("E0802", "the share of certified samples lies in (0, 1]");
  }
  if (goals.max_accuracy_drop && !(*goals.max_accuracy_drop >= 0 && *goals.max_accuracy_drop < 1)) {
    return fail("E0802", "the accuracy drop lies in [0, 1)");
  }
  return {};
}

}  // namespace

Result<void> check_goals(const LoweredGraph& graph, const TuneInput& input, const Goals& goals) {
  if (!goals.proves() && !goals.observes()) {
    return fail("E0802", "tuning needs a requirement: a largest error, a share of certified samples, no overflow, or an accuracy drop");
  }
  if (input.box.has_value() == input.data.has_value()) {
    return fail("E0802", "tuning needs one input set: a box or a data set, not both");
  }
  if ((goals.certify_share || goals.observes()) && !input.data) {
    return fail("E0802", "certified shares and observed requirements need a data set", {},
                {"give --data, or require a largest error over the box"});
  }
  if (input.data && input.data->samples.empty()) return fail("E0802", "the data set holds no samples");
  if (goals.max_accuracy_drop && input.data->labels.size() != input.data->samples.size()) {
    return fail("E0802", "an accuracy drop needs a label for every sample", {}, {"give --labels"});
  }
  return check_values(graph, goals);
}

double accuracy_of(const Evaluation& evaluation) {
  if (evaluation.right.empty()) return 0;
  return static_cast<double>(std::count(evaluation.right.begin(), evaluation.right.end(), true)) / static_cast<double>(evaluation.right.size());
}

double mean_observed(const Evaluation& evaluation) {
  if (evaluation.observed.empty()) return 0;
  double sum = 0;
  for (const double error : evaluation.observed) sum += error;
  return sum / static_cast<double>(evaluation.observed.size());
}

double max_observed(const Evaluation& evaluation) {
  return evaluation.observed.empty() ? 0 : *std::max_element(evaluation.observed.begin(), evaluation.observed.end());
}

void Judge::judge(Evaluation& evaluation, std::size_t proved_elsewhere, std::size_t total) const {
  if (total > 0) {
    const auto here = static_cast<std::size_t>(std::count(evaluation.proved.begin(), evaluation.proved.end(), true));
    evaluation.share = static_cast<double>(here + proved_elsewhere) / static_cast<double>(total);
  }
  evaluation.load = 0;
  const auto bounded = [&](double bound, double limit) { evaluation.load = std::max(evaluation.load, std::isnan(bound) ? INFINITY : bound / limit); };
  if (goals_.max_error) bounded(evaluation.bound, *goals_.max_error);
  for (const auto& [output, limit] : goals_.output_errors) bounded(evaluation.output_bounds.at(output), limit);
  if (goals_.max_relative_error) bounded(evaluation.relative.value_or(INFINITY), *goals_.max_relative_error);
  evaluation.met = evaluation.load <= 1 - kSlack;
  steer(evaluation);
  if (goals_.certify_share) evaluation.met = evaluation.met && evaluation.share && *evaluation.share >= *goals_.certify_share;
  if (goals_.no_overflow) evaluation.met = evaluation.met && evaluation.overflows.empty();
  if (goals_.max_accuracy_drop) evaluation.met = evaluation.met && real_accuracy_ - accuracy_of(evaluation) <= *goals_.max_accuracy_drop;
  if (goals_.max_observed_error) evaluation.met = evaluation.met && max_observed(evaluation) <= *goals_.max_observed_error;
  if (goals_.mean_observed_error) evaluation.met = evaluation.met && mean_observed(evaluation) <= *goals_.mean_observed_error;
}

// The other goals' part of the load: it says how far the search is, not whether they are met.
void Judge::steer(Evaluation& evaluation) const {
  if (goals_.max_observed_error) evaluation.load = std::max(evaluation.load, max_observed(evaluation) / *goals_.max_observed_error);
  if (goals_.mean_observed_error) evaluation.load = std::max(evaluation.load, mean_observed(evaluation) / *goals_.mean_observed_error);
  if (goals_.max_accuracy_drop) {
    const ShareOfSamples of{.share = 1 - *goals_.max_accuracy_drop, .total = evaluation.seen_uses.size()};
    evaluation.load = std::max(evaluation.load, decisive_use(of, evaluation.seen_uses));
  }
  evaluation.by_margins = goals_.certify_share && evaluation.margin_use >= evaluation.load;
  if (evaluation.by_margins) evaluation.load = evaluation.margin_use;
}

std::vector<GoalResult> Judge::results(const Evaluation& evaluation) const {
  std::vector<GoalResult> results;
  const auto proved = [&](std::string name, double limit, double reached, bool holds) {
    results.push_back({std::move(name), limit, reached, holds ? "proved" : "unmet"});
  };
  const auto observed = [&](std::string name, double limit, double reached) {
    results.push_back({std::move(name), limit, reached, reached <= limit ? "observed" : "unmet"});
  };
  if (goals_.max_error) proved("max_error", *goals_.max_error, evaluation.bound, evaluation.bound <= *goals_.max_error);
  for (const auto& [output, limit] : goals_.output_errors) {
    const double reached = evaluation.output_bounds.at(output);
    proved("output_error " + (*graph_.graph)[graph_.graph->outputs[output]].name, limit, reached, reached <= limit);
  }
  if (goals_.max_relative_error) {
    const double reached = evaluation.relative.value_or(INFINITY);
    proved("max_relative_error", *goals_.max_relative_error, reached, reached <= *goals_.max_relative_error);
  }
  if (goals_.certify_share) {
    proved("certify_share", *goals_.certify_share, evaluation.share.value_or(0), evaluation.share.value_or(0) >= *goals_.certify_share);
  }
  if (goals_.no_overflow) {
    proved("no_overflow", 0, static_cast<double>(evaluation.overflows.size()), evaluation.overflows.empty());
  }
  if (goals_.max_accuracy_drop) observed("max_accuracy_drop", *goals_.max_accuracy_drop, real_accuracy_ - accuracy_of(evaluation));
  if (goals_.max_observed_error) observed("max_observed_error", *goals_.max_observed_error, max_observed(evaluation));
  if (goals_.mean_observed_error) observed("mean_observed_error", *goals_.mean_observed_error, mean_observed(evaluation));
  return results;
}

}  // namespace halfulp
