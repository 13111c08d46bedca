// `analyze --export gappa -o FILE`.
#pragma once

#include "arguments.hpp"
#include "context.hpp"
#include "input_set.hpp"
#include "model.hpp"

namespace halfulp::cli {

Result<ExitCode> export_gappa(Context& context, const Arguments& arguments, const Model& model, const std::optional<FormatAssignment>& formats,
                              const InputSet& set);

}  // namespace halfulp::cli
