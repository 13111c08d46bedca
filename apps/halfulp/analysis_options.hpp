#pragma once

#include "arguments.hpp"
#include "halfulp/analysis/analysis.hpp"

namespace halfulp::cli {

// --method, --engine, --bits.
Result<AnalyzeOptions> read_analysis_options(const Arguments& arguments);

}  // namespace halfulp::cli
