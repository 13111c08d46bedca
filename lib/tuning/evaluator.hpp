// Asks the analysis whether an assignment keeps the requirement, over the box or over samples, and counts what that uses up.
#pragma once

#include <chrono>
#include <vector>

#include "halfulp/tuning/tuning.hpp"

namespace halfulp {

struct Evaluation {
  bool met = false;
  double bound = 0;                 // proved error, max norm over all outputs and samples
  std::optional<double> share;      // proved argmax share, data sets only
  std::vector<Contribution> contributions;
  std::vector<OverflowPlace> overflows;
  std::vector<bool> proved;         // a sample, data sets only
  std::vector<double> bounds;       // a sample, data sets only
};

class Evaluator {
 public:
  Evaluator(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options);

  // Over the whole input set.
  Result<Evaluation> prove(const FormatAssignment& formats);
  // Over the samples in focus: an estimate of prove(), equal to it while everything is in focus.
  Result<Evaluation> probe(const FormatAssignment& formats);
  // From scratch, with the engine the caller asked for: what `check` will find. (prove() and probe() use the fast engine and ranges
  // of the real network that they have proved before.)
  Result<Evaluation> confirm(const FormatAssignment& formats);
  // Probes look at these samples only; `proved_elsewhere` others count as proved, the rest as not.
  void focus(const std::vector<std::size_t>& samples, std::size_t proved_elsewhere);
  bool is_focused() const { return focused_.has_value(); }
  // Bounds of each node's values, real and deployed, in one interval.
  Result<std::vector<Interval>> ranges(const FormatAssignment& formats);

  bool stopped();  // interrupted, or a limit reached
  bool interrupted() const { return interrupted_; }
  bool exhausted() const { return exhausted_; }
  int evaluations() const { return evaluations_; }
  double seconds() const;

 private:
  // Over the box, with the real network's ranges proved once for all formats.
  Result<BoxAnalysis> analyze_known(const FormatAssignment& formats);
  Evaluation of_box(BoxAnalysis analysis) const;
  Result<Evaluation> over_data(const FormatAssignment& formats, const DataSet& data, std::size_t proved_elsewhere,
                               std::size_t total, const AnalyzeOptions& options);
  bool meets(const Evaluation& evaluation) const;

  const LoweredGraph& graph_;
  const TuneInput& input_;
  const TuneOptions& options_;
  AnalyzeOptions fast_;
  std::optional<RealRanges> real_;
  std::optional<DataSet> focused_;
  std::size_t proved_elsewhere_ = 0;
  int evaluations_ = 0;
  bool interrupted_ = false, exhausted_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace halfulp
