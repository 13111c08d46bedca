// One input set of a parametric analysis (a point or a box): its real values, found once, and its rungs, found on demand.
#pragma once

#include <map>

#include "parametric_pass.hpp"

namespace halfulp {

// What one rung proves of one input set.
struct CaseRung {
  std::vector<double> absolute, relative;  // of the chosen output's elements, in units of u
  double largest = 0, difference = 0;
  bool kept = false;                       // the argmax, at every precision >= p
};

// What all input sets of a run share.
class ParametricRun {
 public:
  ParametricRun(const LoweredGraph& graph, Prepared exact, const ParametricOptions& options)
      : graph_(graph), exact_(std::move(exact)), options_(options) {}

  const LoweredGraph& graph() const { return graph_; }
  const Prepared& exact() const { return exact_; }
  const ParametricOptions& options() const { return options_; }
  NodeId output() const { return graph_.graph->outputs[options_.output]; }
  // Multiply-adds of one row pulled back from the output.
  double row_work() const { return 4 * exact_.work_above[static_cast<std::size_t>(output())]; }
  bool is_large() const { return row_work() > 2e8; }
  const Prepared& open(int p);

 private:
  const LoweredGraph& graph_;
  Prepared exact_;
  const ParametricOptions& options_;
  std::map<int, Prepared> open_;
};

class ParametricCase {
 public:
  ParametricCase(ParametricRun& run, const InputBox& box);

  const CaseRung& rung(int p);
  std::int64_t real_class() const { return class_; }
  // The smallest p whose rung keeps the argmax; searched up to kHighestPrecision.
  std::optional<int> keeps_argmax();
  // Rungs from 2 to `highest`, as many as it takes to follow the coefficient within 2 %.
  void climb(int highest);
  const std::map<int, CaseRung>& rungs() const { return rungs_; }

 private:
  void find_class(const States<Interval>* states, RelaxationCache& relaxations);
  CaseRung evaluate(int p);
  void bound_output(const Prepared& open, States<Interval>& states, CaseRung& rung) const;
  double pair_bound(const Prepared& open, const States<Interval>& states, const CaseRung& rung) const;
  bool proves_class(const Prepared& open, const States<Interval>& states, const CaseRung& rung, int p) const;
  void bound_relative(const Prepared& open, const States<Interval>& states, CaseRung& rung, int p) const;
  void climb_between(int low, int high);

  ParametricRun& run_;
  bool point_ = true;
  RealRanges ranges_;
  std::int64_t class_ = -1;
  std::vector<double> margin_;  // lower bounds of real[class] - real[j]
  std::map<int, CaseRung> rungs_;
};

}  // namespace halfulp
