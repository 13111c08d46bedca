// Search for the cheapest formats that keep a requirement.
//
// The default strategy is a relaxation: with n_i bits in (node, role) i, the bound is near sum_i a_i 2^-n_i (a_i from the analysis'
// contributions) and the cost near sum_i c_i n_i; Ceres minimises the augmented Lagrangian of it in continuous n_i, discrete rounding and
// local search follow, and every accepted step is verified by the analysis or the simulator itself. Other strategies (strategies())
// search the same space for comparison, or where costs do not add up.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "halfulp/analysis/analysis.hpp"
#include "halfulp/schedule/schedule.hpp"
#include "halfulp/parallel/workers.hpp"

namespace halfulp {

// All that are given must hold. Errors are |deployed - real|, over the box or every sample.
struct Goals {
  // Proved by the analysis.
  std::optional<double> max_error;                          // absolute, max norm over all outputs
  std::vector<std::pair<std::size_t, double>> output_errors;  // the same of one graph output
  std::optional<double> max_relative_error;                 // of every element, relative to the real value
  std::optional<double> certify_share;                      // samples whose argmax provably stays; over data
  bool no_overflow = false;                                 // no value leaves its format
  // Observed by simulation of every sample; over data.
  std::optional<double> max_accuracy_drop;                  // share of samples that the real network has right and more; needs labels
  std::optional<double> max_observed_error;                 // max norm over outputs, worst sample
  std::optional<double> mean_observed_error;                // max norm over outputs, mean over the samples

  bool bounds_error() const { return max_error || max_relative_error || !output_errors.empty(); }
  bool proves() const { return bounds_error() || certify_share || no_overflow; }
  bool observes() const { return max_accuracy_drop || max_observed_error || mean_observed_error; }
  // Some goal is a number to come below, not only a yes or no.
  bool measures() const { return bounds_error() || certify_share || observes(); }
};

// Layers whose name matches the glob (`*` and `?`) share one format a role.
struct Tie {
  std::string layers;
};

// Layers whose name matches the glob take this format in this role; it is not searched. A pinned order goes with every role.
struct Pin {
  std::string layers;
  Role role = Role::kWeight;
  Format format;
};

struct SearchSpaceOptions {
  std::vector<std::string> formats = {"fixed<2..32,*>"};  // patterns and names
  std::vector<Role> roles = {Role::kWeight, Role::kBias, Role::kOutput};  // of every layer; others exact unless pinned
  std::vector<SummationOrder> orders = {SummationOrder{}};  // of rounded accumulators; the best a layer is taken
  std::vector<Tie> ties;
  std::vector<Pin> pins;
};

struct TuneOptions : Goals, SearchSpaceOptions {
  std::string target = "bits";
  std::string strategy = "auto";          // a name of strategy_names()
  std::optional<Format> input_format;     // inputs are exact unless given (or searched: role input)
  std::uint64_t seed = 0;                 // of the evolutionary search
  std::int64_t evaluation_limit = 2000;
  double time_limit_seconds = 600;
  double exhaustive_limit = 2e5;          // assignments that the exhaustive strategy may have to try
  AnalyzeOptions analyze;                 // of the final proof; searching uses the fast engine
  Workers* workers = nullptr;             // nullptr: this thread
  std::string journal;                    // path of the journal to write, JSON Lines; empty: none
  bool resume = false;                    // take the answers that the journal already holds
  std::string run_id;                     // hash of model and data: a journal of others is refused
  int front_points = 0;                   // tune_front(): points to look for
  std::function<void(const std::string&)> progress;  // one line at a time; may be empty
  std::function<bool()> interrupted;                 // polled; true stops with the best so far
};

struct TuneInput {
  std::optional<InputBox> box;
  std::optional<DataSet> data;
};

// What was found of one goal.
struct GoalResult {
  std::string goal;            // "max_error", "output_error NAME", "accuracy_drop", ...
  double limit = 0, reached = 0;
  std::string status;          // proved | observed | unmet
};

struct TuneResult {
  std::string status = "unmet";           // proved | observed | unmet; observed if any goal is
  std::vector<GoalResult> goals;
  FormatAssignment formats;               // the best found (or the best bound found when unmet)
  double error_bound = 0;                 // proved; infinite where nothing was to be proved
  std::optional<double> relative_error;   // proved
  std::optional<double> certified_share;  // proved
  std::optional<double> accuracy, real_accuracy, observed_error;  // observed
  bool overflow_free = false;             // proved
  Engine engine = Engine::kFast;          // of the final proof
  double mean_weight_bits = 0, weight_bits = 0, activation_bits = 0, cost = 0;
  std::map<std::string, double> costs;    // all components by name
  struct Baseline {                       // cheapest uniform format of the same patterns that keeps the requirement
    std::string format;
    double error_bound = 0, mean_weight_bits = 0, cost = 0;
  };
  std::optional<Baseline> baseline;
  std::vector<Contribution> contributions;  // of the final bound, largest first
  std::string strategy;                     // the one that ran
  double space_size = 0;                    // assignments in the search space
  std::int64_t evaluations = 0;             // different assignments asked about
  std::int64_t simulator_runs = 0;          // of them, simulated over the data
  std::int64_t resumed = 0;                 // answers taken from the journal
  bool budget_exhausted = false, interrupted = false;
  double seconds = 0;
};

// Errors: E0801 a pattern that names no format, E0802 a requirement and an input set that do not go together, E0803 a journal of another
// run, E0804 a space too large to enumerate, E0805 a tie or pin that matches no layer or format, E0806 no strategy of that name.
Result<TuneResult> tune(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options);

// The front of cost against proved error: schedules that no other found one beats in both, cheapest first. Errors at and above
// options.max_error, `front_points` of them with half a decade between.
Result<std::vector<TuneResult>> tune_front(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options);

struct StrategyEntry {
  std::string name, summary;
};
std::vector<StrategyEntry> strategy_entries();

// Expands patterns: "fixed<2..32,*>" (the integer bits of each tensor from its proved range), "e4m3", "fixed<8,3>".
struct FormatPattern {
  bool is_fixed_family = false;
  bool is_signed = true;
  int min_width = 2, max_width = 32;
  std::optional<Format> single;
};
Result<std::vector<FormatPattern>> parse_patterns(const std::vector<std::string>& patterns);

}  // namespace halfulp
