// Which samples decide: between a uniform format two bits coarser and one two bits finer than the baseline, most verdicts do
// not change. Probes then look at the others only, and at the samples with the largest bounds if the error is limited.
#pragma once

#include "baseline.hpp"

namespace halfulp {

Result<void> focus_on_decisive(Evaluator& evaluator, const std::vector<Variable>& variables,
                               const std::vector<FormatPattern>& patterns, const FormatAssignment& base,
                               const Uniform& baseline, const TuneOptions& options);

}  // namespace halfulp
