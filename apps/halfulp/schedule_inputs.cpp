#include "schedule_inputs.hpp"

namespace halfulp::cli {
namespace {

bool names_inputs(const Arguments& arguments) { return arguments.has("input") || arguments.has("box") || arguments.has("data"); }

}  // namespace

Result<ScheduleInputs> load_schedule_inputs(const Context& context, const std::string& model_path, const Schedule& schedule,
                                            const Arguments& arguments) {
  auto recorded = recorded_input_set(schedule.requirement.input_set);
  if (!recorded) return fail(recorded.error());
  const Arguments& shapes = arguments.has("input-shape") ? arguments : *recorded;
  auto model = load_model(context, model_path, shapes.all("input-shape"));
  if (!model) return fail(model.error());
  const bool own = names_inputs(arguments);
  if (!own) {
    auto unchanged = check_recorded_files(schedule.requirement.input_set);
    if (!unchanged) return fail(unchanged.error());
  }
  auto set = read_input_set(*model->graph, own ? arguments : *recorded);
  if (!set) return fail(set.error());
  auto formats = assignment(*model->graph, schedule);
  if (!formats) return fail(formats.error());
  return ScheduleInputs{.model = *std::move(model), .set = *std::move(set), .formats = *std::move(formats)};
}

}  // namespace halfulp::cli
