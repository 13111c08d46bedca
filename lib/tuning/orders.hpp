// The order of rounded additions: of those offered, each layer takes the one with the smallest bound of its accumulator's rounding.
#pragma once

#include "evaluator.hpp"
#include "variables.hpp"

namespace halfulp {

// Writes the orders into `base`. Nothing to choose without rounded accumulators, or with one order only (which is taken).
Result<void> choose_orders(Evaluator& evaluator, const std::vector<Variable>& variables, const TuneOptions& options, FormatAssignment& base);

}  // namespace halfulp
