// The formats under which a model is deployed, from --uniform or --schedule.
#pragma once

#include <optional>

#include "arguments.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp::cli {

struct Precision {
  std::optional<FormatAssignment> formats;  // absent when neither option is given
  std::optional<Schedule> schedule;         // of --schedule
};

// Errors: E0003 both options, E02xx the format, E03xx the schedule.
Result<Precision> read_precision(const Graph& graph, const Arguments& arguments);

}  // namespace halfulp::cli
