// What the analysis and the simulator say of one assignment, and its text form: one line that reads back as the same numbers. The
// text is what travels between processes and what the journal keeps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "halfulp/tuning/tuning.hpp"

namespace halfulp {

struct Evaluation {
  double bound = 0;                    // proved error, max norm over all outputs and samples
  std::vector<double> output_bounds;   // the same of each graph output
  std::optional<double> relative;      // proved, of every element; only where a goal asks for it
  std::vector<Contribution> contributions;  // to `bound`
  std::vector<OverflowPlace> overflows;
  // A sample, data sets only.
  std::vector<bool> proved;            // the argmax stays
  std::vector<double> bounds;
  std::vector<double> uses;            // proved, of the class margin (SampleVerdict::margin_use); where a share is to be proved
  std::vector<bool> right;             // simulated class = label
  std::vector<double> observed;        // |simulated - real|, max norm
  std::vector<double> seen_uses;       // simulated, of the real margin; where an accuracy is to be kept

  // Of all samples, by the use that decides over the share (margins.hpp).
  double margin_use = 0;
  std::vector<Contribution> margin_contributions;
  std::vector<std::vector<Contribution>> sample_contributions;  // a sample, in the answer of a group only

  // Derived by Goals (goals.hpp).
  bool met = false;
  std::optional<double> share;         // of proved
  double load = 0;                     // largest of value / limit over the goals; 1 is the budget
  bool by_margins = false;             // the load is that of the proved share

  // What the variables contribute to what decides.
  const std::vector<Contribution>& deciding() const { return by_margins ? margin_contributions : contributions; }
};

// Without the derived fields.
std::string to_text(const Evaluation& evaluation);
// Nothing unless the text is exactly one that to_text() writes.
std::optional<Evaluation> evaluation_of(const std::string& text);

}  // namespace halfulp
