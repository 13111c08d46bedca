// Search for the cheapest formats that keep a requirement, proved.
//
// The relaxation: with n_i bits in (node, role) i, the bound is near sum_i a_i 2^-n_i (a_i from the analysis' contributions) and the
// cost near sum_i c_i n_i; Ceres minimises the augmented Lagrangian of it in continuous n_i, discrete rounding and local
// search follow, and every accepted step is verified by the analysis itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "halfulp/analysis/analysis.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

struct TuneOptions {
  std::optional<double> max_error;        // proved absolute error, max norm over all outputs, over `box` or every sample
  std::optional<double> certify_share;    // proved argmax share over `data`
  std::vector<std::string> formats = {"fixed<2..32,*>"};  // patterns and names
  std::string target = "bits";
  std::optional<Format> input_format;     // inputs are exact unless given
  std::uint64_t seed = 0;
  int evaluation_limit = 2000;
  double time_limit_seconds = 600;
  AnalyzeOptions analyze;
  std::function<void(const std::string&)> progress;  // one line at a time; may be empty
  std::function<bool()> interrupted;                 // polled; true stops with the best so far
};

struct TuneInput {
  std::optional<InputBox> box;
  std::optional<DataSet> data;
};

struct TuneResult {
  std::string status = "unmet";           // proved | unmet
  FormatAssignment formats;               // the best found (or the best bound found when unmet)
  double error_bound = 0;                 // proved
  std::optional<double> certified_share;
  double mean_weight_bits = 0, weight_bits = 0, activation_bits = 0, cost = 0;
  struct Baseline {                       // cheapest uniform format of the same patterns that the analysis proves
    std::string format;
    double error_bound = 0, mean_weight_bits = 0, cost = 0;
  };
  std::optional<Baseline> baseline;
  std::vector<Contribution> contributions;  // of the final bound, largest first
  int evaluations = 0;
  bool budget_exhausted = false, interrupted = false;
  double seconds = 0;
};

// Errors: E0801 a pattern that names no format, E0802 a requirement and an input set that do not go together.
Result<TuneResult> tune(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options);

// Expands patterns: "fixed<2..32,*>" (the integer bits of each tensor from its proved range), "e4m3", "fixed<8,3>".
struct FormatPattern {
  bool is_fixed_family = false;
  bool is_signed = true;
  int min_width = 2, max_width = 32;
  std::optional<Format> single;
};
Result<std::vector<FormatPattern>> parse_patterns(const std::vector<std::string>& patterns);

}  // namespace halfulp
