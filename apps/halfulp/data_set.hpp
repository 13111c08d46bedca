// Samples and labels from --data, --labels and --radius.
#pragma once

#include "arguments.hpp"
#include "halfulp/analysis/analysis.hpp"
#include "halfulp/graph/graph.hpp"

namespace halfulp::cli {

// `batch_axis_dropped`: samples came without the leading extent of 1 that the input has.
// Errors: E0101/E0102 unreadable files, E0105 another number of files than inputs, E0107 samples or labels that do not fit.
Result<DataSet> read_data(const Graph& graph, const Arguments& arguments, bool& batch_axis_dropped);

}  // namespace halfulp::cli
