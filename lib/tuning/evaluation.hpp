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
  std::vector<bool> right;             // simulated class = label
  std::vector<double> observed;        // |simulated - real|, max norm

  // Derived by Goals (goals.hpp).
  bool met = false;
  std::optional<double> share;         // of proved
  double load = 0;                     // largest of bound / limit over the goals that bound errors; 1 is the budget
};

// Without the derived fields.
std::string to_text(const Evaluation& evaluation);
// Nothing unless the text is exactly one that to_text() writes.
std::optional<Evaluation> evaluation_of(const std::string& text);

}  // namespace halfulp
