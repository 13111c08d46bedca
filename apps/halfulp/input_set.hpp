// The inputs that a statement is about, from --input, --box or --data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "halfulp/analysis/analysis.hpp"
#include "halfulp/graph/graph.hpp"

namespace halfulp::cli {

struct InputSet {
  std::optional<InputBox> box;
  InputDecimals decimals;           // of the box: rows with the same number twice
  std::optional<DataSet> data;
  bool batch_axis_dropped = false;  // samples came as (N, *rest) of an input whose first extent is 1
  std::string words;                // options and SHA-256 of their files, as a schedule records them
  std::string data_sha256;          // of the first file; empty without one
};

// None of the options given: neither box nor data. Errors: E0003 two kinds at once, E0101/E0102 unreadable files,
// E0105 with file and row, E0107 samples.
Result<InputSet> read_input_set(const Graph& graph, const Arguments& arguments);

// The options that InputSet::words records, read back for `check` and `emit`; "input-shape" is among them.
Result<Arguments> recorded_input_set(const std::string& words);
// E0309 unless every file named there still has the SHA-256 recorded beside it.
Result<void> check_recorded_files(const std::string& words);

// One a graph input. Rows are `lower,upper`, blank lines and lines that start with # skipped.
struct BoxFile {
  std::vector<Interval> intervals;
  std::vector<std::optional<DecimalPoint>> decimals;
};
Result<BoxFile> read_box(const std::string& path, std::int64_t elements);

// `count` points of the box, uniform, from (seed, sample, element); and the middle of it as the first.
std::vector<std::vector<std::vector<double>>> sample_box(const InputBox& box, std::size_t count, std::uint64_t seed);

}  // namespace halfulp::cli
