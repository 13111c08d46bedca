#pragma once

#include "arguments.hpp"
#include "halfulp/analysis/analysis.hpp"

namespace halfulp::cli {

// --method, --engine, --bits.
Result<AnalyzeOptions> read_analysis_options(const Arguments& arguments);

// --parts as AnalyzeOptions::split_boxes: bisection analyses two boxes for each part. Without the option, by network size.
Option parts_option();
Result<int> read_split_boxes(const Arguments& arguments, const LoweredGraph& graph, Method method);

}  // namespace halfulp::cli
