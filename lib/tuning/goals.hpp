// Whether an evaluation keeps what is asked, and by how much it does not.
#pragma once

#include "evaluation.hpp"

namespace halfulp {

// Errors: E0802.
Result<void> check_goals(const LoweredGraph& graph, const TuneInput& input, const Goals& goals);

// Judges evaluations against the goals; `real_accuracy` is the real network's on the data, where labels are given.
class Judge {
 public:
  Judge(const LoweredGraph& graph, const Goals& goals, double real_accuracy) : graph_(graph), goals_(goals), real_accuracy_(real_accuracy) {}

  // Fills `met` and `load`. The share is taken over `total` samples, of which `proved_elsewhere` are not in the evaluation.
  void judge(Evaluation& evaluation, std::size_t proved_elsewhere, std::size_t total) const;
  std::vector<GoalResult> results(const Evaluation& evaluation) const;

 private:
  void steer(Evaluation& evaluation) const;

  const LoweredGraph& graph_;
  const Goals& goals_;
  double real_accuracy_ = 0;
};

double accuracy_of(const Evaluation& evaluation);
double mean_observed(const Evaluation& evaluation);
double max_observed(const Evaluation& evaluation);

}  // namespace halfulp
