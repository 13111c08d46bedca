// The cheapest uniform format of the given patterns that keeps the requirement: one format for every variable. For a fixed family
// the integer bits hold all tensors at once and the fraction bits are guessed from the load of one before, or searched by galloping and bisection, as if more bits never hurt.
#pragma once

#include <optional>

#include "evaluator.hpp"
#include "variables.hpp"

namespace halfulp {

struct Uniform {
  Format format;
  FormatAssignment formats;
  Evaluation evaluation;
};

FormatAssignment uniform_formats(FormatAssignment base, const std::vector<Variable>& variables, const Format& format);
// The uniform format of those fraction bits, as far as the pattern's widths allow.
std::optional<Format> uniform_fixed(const FormatPattern& pattern, const std::vector<Variable>& variables, int fraction_bits);

struct BaselineSearch {
  std::optional<Uniform> met;      // the cheapest that is proved
  std::optional<Uniform> nearest;  // the smallest bound of all that were tried
};
Result<BaselineSearch> find_baseline(Evaluator& evaluator, const std::vector<Variable>& variables,
                                     const std::vector<FormatPattern>& patterns, const FormatAssignment& base, const CostModel& model,
                                     bool measures);

}  // namespace halfulp
