#include "precision.hpp"

namespace halfulp::cli {

Result<Precision> read_precision(const Graph& graph, const Arguments& arguments) {
  auto kind = arguments.at_most_one({"uniform", "schedule"});
  if (!kind) return fail(kind.error());
  Precision precision;
  if (!*kind) return precision;
  if (*kind == "uniform") {
    auto format = parse_format(arguments.text("uniform"));
    if (!format) return fail(format.error());
    precision.formats = uniform_assignment(graph, *format);
    return precision;
  }
  auto schedule = read_schedule(arguments.text("schedule"));
  if (!schedule) return fail(schedule.error());
  auto formats = assignment(graph, *schedule);
  if (!formats) {
    Diagnostic diagnostic = formats.error();
    diagnostic.notes.push_back("in the schedule " + arguments.text("schedule"));
    return fail(diagnostic);
  }
  precision.schedule = *std::move(schedule);
  precision.formats = *std::move(formats);
  return precision;
}

}  // namespace halfulp::cli
