// The options of `tune` that say what is required and what may be chosen.
#pragma once

#include "arguments.hpp"
#include "context.hpp"
#include "halfulp/tuning/tuning.hpp"

namespace halfulp::cli {

std::vector<Option> goal_options();
std::vector<Option> space_options();
// Both as the search takes them and as the schedule records them. Outputs named in a requirement must exist.
Result<void> read_goals(const Graph& graph, const Arguments& arguments, Goals& goals, Requirement& requirement);
// What of it can be said without the model. Errors: E0003.
Result<void> check_goal_words(const Arguments& arguments);
Result<void> read_space(const Arguments& arguments, TuneOptions& options);

}  // namespace halfulp::cli
