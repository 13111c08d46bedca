#include <fmt/format.h>

#include <algorithm>

#include "cmd.hpp"
#include "halfulp/emit/emit.hpp"
#include "option_sets.hpp"
#include "schedule_inputs.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

// Inputs of the test bench: the first samples of the data, or points of the box; none without an input set.
std::vector<std::vector<std::vector<double>>> bench_inputs(const InputSet& set, std::size_t count, std::uint64_t seed) {
  if (set.box) return sample_box(*set.box, count, seed);
  if (!set.data) return {};
  const auto& samples = set.data->samples;
  const auto last = samples.begin() + static_cast<std::ptrdiff_t>(std::min(count, samples.size()));
  return {samples.begin(), last};
}

Result<Schedule> wanted_schedule(const Arguments& arguments) {
  if (arguments.has("schedule")) return read_schedule(arguments.text("schedule"));
  auto format = parse_format(arguments.text("uniform"));
  if (!format) return fail(format.error());
  Schedule schedule;
  schedule.defaults.input = schedule.defaults.weight = schedule.defaults.bias = schedule.defaults.output = *format;
  return schedule;
}

Result<EmitOptions> read_emit_options(const Arguments& arguments) {
  EmitOptions options;
  options.backend = arguments.text("backend");
  options.output_folder = arguments.text("out");
  options.top = arguments.text("top");
  options.part = arguments.text("part");
  auto clock = parse_tolerance("--clock", arguments.text("clock"));
  if (!clock) return fail(clock.error());
  options.clock_ns = *clock;
  options.overwrite = arguments.has("force");
  return options;
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  if (!arguments.has("out")) return fail("E0003", "--out is needed");
  if (auto one = arguments.exactly_one({"uniform", "schedule"}); !one) return fail(one.error());
  auto options = read_emit_options(arguments);
  if (!options) return fail(options.error());
  auto count = parse_count("--samples", arguments.text("samples"), 0, 1000000);
  if (!count) return fail(count.error());
  auto schedule = wanted_schedule(arguments);
  if (!schedule) return fail(schedule.error());
  auto inputs = load_schedule_inputs(context, arguments.operands()[0], *schedule, arguments);
  if (!inputs) return fail(inputs.error());
  const std::string& tuned_for = schedule->provenance.model_sha256;
  if (!tuned_for.empty() && tuned_for != inputs->model.graph->model_sha256) {
    context.warn({.code = "W0312", .message = "the schedule was made for another model: its SHA-256 differs", .place = arguments.text("schedule")});
  }
  options->test_inputs = bench_inputs(inputs->set, static_cast<std::size_t>(*count), context.seed);
  if (options->test_inputs.empty()) context.say("note: no input set, so the test bench holds no vectors; name one with --input, --box or --data");
  auto files = emit(inputs->model.lowered, *schedule, *options);
  if (!files) return fail(files.error());
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.emit/1").set("provenance", context.provenance())
                           .set("backend", options->backend).set("test_vectors", options->test_inputs.size()).set("files", Json::array_of(files->paths)));
  } else {
    for (const auto& path : files->paths) context.print(path + "\n");
  }
  return ExitCode::kDone;
}

}  // namespace

Command emit_command() {
  return {.name = "emit",
          .summary = "HLS sources of a model under a schedule, with a self-checking test bench",
          .description = "The emitted code gives bit for bit the results of halfulp simulate. Shapes and input set come from the schedule unless given;\n"
                         "the input set gives the vectors of the test bench. Nothing is written unless everything can be.",
          .operands = {model_operand()},
          .options = join_options({shape_options(), input_set_options(), precision_options(),
                                   {{.name = "backend", .value = "NAME", .fallback = "cpp", .help = "what to emit", .choices = backend_names()},
                                    {.name = "out", .short_name = 'o', .value = "DIR", .help = "folder to write"},
                                    {.name = "top", .value = "NAME", .fallback = "network", .help = "name of the top function"},
                                    {.name = "part", .value = "PART", .fallback = "xc7z020clg400-1", .help = "device of the vitis scripts"},
                                    {.name = "clock", .value = "NS", .fallback = "10", .help = "clock period of the vitis scripts in ns"},
                                    {.name = "samples", .value = "N", .fallback = "16", .help = "vectors of the test bench"},
                                    {.name = "force", .help = "write into a folder that is not empty"}}}),
          .examples = {{"halfulp emit net.pt --schedule net.toml --backend vitis -o hls", "sources for Vitis HLS"},
                       {"halfulp emit net.pt --schedule net.toml --data x.npy --samples 1000 -o cpp", "plain C++17, checked on 1,000 samples"}},
          .run = run};
}

}  // namespace halfulp::cli
