// A schedule with its model and the inputs it speaks of: those of the command line, else those that it records.
#pragma once

#include "input_set.hpp"
#include "model.hpp"
#include "precision.hpp"

namespace halfulp::cli {

struct ScheduleInputs {
  Model model;
  InputSet set;            // may be empty when neither the command line nor the schedule names one
  FormatAssignment formats;
};

// --input-shape and the input set fall back to the schedule's record independently of each other.
Result<ScheduleInputs> load_schedule_inputs(const Context& context, const std::string& model_path, const Schedule& schedule,
                                            const Arguments& arguments);

}  // namespace halfulp::cli
