#include <fmt/format.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <chrono>

#include "cmd.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "halfulp/support/npy.hpp"
#include "input_set.hpp"
#include "jobs.hpp"
#include "model.hpp"
#include "option_sets.hpp"
#include "precision.hpp"
#include "simulate_times.hpp"

namespace halfulp::cli {
namespace {

// Samples x output shape; a leading extent of 1 gives way to the samples if it did so in the data.
Shape stacked_shape(const Shape& output, std::size_t samples, bool batch_axis_dropped) {
  Shape shape = {static_cast<std::int64_t>(samples)};
  const bool drop = batch_axis_dropped && !output.empty() && output.front() == 1;
  shape.insert(shape.end(), output.begin() + (drop ? 1 : 0), output.end());
  return shape;
}

// The double nearest to the exact value: its leading part.
double nearest(const Expansion& value) { return value.part[0]; }

struct Simulated {
  Tensor outputs;
  double seconds = 0;  // of the forward passes alone
};

Result<Simulated> simulate_all(const Model& model, const Simulator& simulator, const InputSet& set, std::size_t output, unsigned threads,
                               SimulateTimes& times) {
  const Shape& shape = (*model.graph)[model.graph->outputs[output]].shape;
  const std::size_t count = set.data->samples.size(), size = static_cast<std::size_t>(element_count(shape));
  Tensor result{stacked_shape(shape, count, set.batch_axis_dropped), std::vector<double>(count * size)};
  const auto one = [&](std::size_t s) -> Result<void> {
    SimulateTimes::Sample observed(times);
    auto values = simulator.run(set.data->samples[s], s, observed.observer());
    if (!values) {
      Diagnostic diagnostic = values.error();
      diagnostic.notes.push_back(fmt::format("at sample {}", s));
      return fail(diagnostic);
    }
    std::transform((*values)[output].begin(), (*values)[output].end(), result.data.begin() + static_cast<std::ptrdiff_t>(s * size), nearest);
    return {};
  };
  const auto start = std::chrono::steady_clock::now();
  if (auto done = for_each_sample(count, threads, one); !done) return fail(done.error());
  return Simulated{std::move(result), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

// A pass allocates and frees an array a layer: asking the system for fresh pages each time costs more than the arithmetic.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kNever = 1 << 30, kAtATime = 64 << 20;  // growing in steps of huge pages
  mallopt(M_MMAP_THRESHOLD, kNever);
  mallopt(M_TRIM_THRESHOLD, kNever);
  mallopt(M_TOP_PAD, kAtATime);
#endif
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  for (const char* needed : {"data", "out"}) {
    if (!arguments.has(needed)) return fail("E0003", fmt::format("--{} is needed", needed));
  }
  if (auto one = arguments.exactly_one({"uniform", "schedule"}); !one) return fail(one.error());
  keep_freed_memory();
  auto threads = read_jobs(arguments);
  if (!threads) return fail(threads.error());
  auto model = load_model(context, arguments.operands()[0], arguments.all("input-shape"));
  if (!model) return fail(model.error());
  auto output = chosen_output(*model->graph, arguments);
  if (!output) return fail(output.error());
  auto set = read_input_set(*model->graph, arguments);
  if (!set) return fail(set.error());
  auto precision = read_precision(*model->graph, arguments);
  if (!precision) return fail(precision.error());
  auto simulator = Simulator::create(model->lowered, *precision->formats, {.seed = context.seed});
  if (!simulator) return fail(simulator.error());
  SimulateTimes times(*model->graph);
  auto result = simulate_all(*model, *simulator, *set, *output, *threads, times);
  if (!result) return fail(result.error());
  const std::string path = arguments.text("out");
  if (auto written = write_npy(result->outputs, path); !written) return fail(written.error());
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.simulate/1").set("provenance", context.provenance())
                           .set("samples", set->data->samples.size()).set("shape", Json::array_of(result->outputs.shape)).set("output", path)
                           .set("seconds", result->seconds).set("processor_seconds", times.total()).set("layers", times.layers()));
  } else {
    context.print(fmt::format("{} samples, outputs {}\nwrote {}\n", with_commas(static_cast<std::int64_t>(set->data->samples.size())),
                              to_string(result->outputs.shape), path));
  }
  return ExitCode::kDone;
}

}  // namespace

Command simulate_command() {
  return {.name = "simulate",
          .summary = "the deployed outputs of a model under formats, bit for bit",
          .description = "Writes float64 NPY: samples along axis 0. A value wider than a double is written as the double nearest to it. With "
                         "--format json the seconds of the forward passes, in all and by layer, without reading and preparing the model.",
          .operands = {model_operand()},
          .options = join_options({shape_options(),
                                   {{.name = "data", .value = "FILE", .help = "NPY, NPZ, CSV, IDX or saved tensor of samples along axis 0; once an input", .repeatable = true}},
                                   precision_options(),
                                   {{.name = "output", .value = "NAME", .help = "which output to write; the first without it"},
                                    jobs_option(),
                                    {.name = "out", .short_name = 'o', .value = "FILE", .help = "NPY file to write"}}}),
          .examples = {{"halfulp simulate net.pt --input-shape 1,64 --data x.npy --uniform \"fixed<16,6>\" -o y.npy", "one format everywhere"},
                       {"halfulp simulate net.pt --input-shape 1,64 --data x.npy --schedule net.toml -o y.npy", "formats of a schedule"}},
          .run = run};
}

}  // namespace halfulp::cli
