// `analyze --parametric`: bounds as functions of the precision p (halfulp/analysis/parametric.hpp).
#pragma once

#include "arguments.hpp"
#include "context.hpp"
#include "halfulp/analysis/parametric.hpp"
#include "input_set.hpp"
#include "model.hpp"

namespace halfulp::cli {

// --parametric --exact-weights --exact-inputs --rounded-sums --margin --confidence --max-precision
std::vector<Option> parametric_options();

Result<ExitCode> run_parametric(Context& context, const Arguments& arguments, const Model& model, const InputSet& set,
                                const AnalyzeOptions& options, std::size_t output);

}  // namespace halfulp::cli
