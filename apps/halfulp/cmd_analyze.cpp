#include <fmt/format.h>

#include "analysis_options.hpp"
#include "analysis_report.hpp"
#include "certificate_file.hpp"
#include "cmd.hpp"
#include "gappa_export.hpp"
#include "degenerate_text.hpp"
#include "jobs.hpp"
#include "option_sets.hpp"
#include "parametric_report.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

constexpr std::size_t kShownOverflows = 5;

void warn_overflows(const Context& context, const Graph& graph, const std::vector<OverflowPlace>& places) {
  for (std::size_t i = 0; i < places.size() && i < kShownOverflows; ++i) {
    Diagnostic warning{.code = "W0110", .message = overflow_sentence(graph, places[i]), .place = graph[places[i].node].name};
    if (places[i].missing_bits > 0) {
      warning.helps.push_back(fmt::format("{} more integer bit{} would exclude it", places[i].missing_bits, places[i].missing_bits == 1 ? "" : "s"));
    }
    context.warn(warning);
  }
  if (places.size() > kShownOverflows) context.say(fmt::format("{} more places where overflow is possible", places.size() - kShownOverflows));
}

ExitCode conclude(Context& context, const AnalysisView& view, const InputSet& set) {
  if (context.json) {
    context.print_json(analysis_json(view, model_provenance(context, *view.model, set)));
  } else {
    context.print(analysis_text(view));
  }
  warn_overflows(context, *view.model->graph, *view.overflows);
  if (*view.formats) warn_degenerate(context, *view.model->graph, degenerate_places(view.model->lowered, **view.formats, *view.nodes));
  return view.overflows->empty() ? ExitCode::kDone : ExitCode::kAnswerIsNo;
}

Result<ExitCode> over_box(Context& context, AnalysisView view, const InputSet& set, AnalyzeOptions options) {
  options.decimals = &set.decimals;
  auto analysis = analyze_box(view.model->lowered, *view.formats, *set.box, options);
  if (!analysis) return fail(analysis.error());
  view.nodes = &analysis->nodes;
  view.contributions = &analysis->contributions;
  view.overflows = &analysis->overflows;
  view.max_error = analysis->max_error;
  view.seconds = analysis->seconds;
  return conclude(context, view, set);
}

// Bounds for all random bits, and what holds with the probability asked for.
Result<ExitCode> over_box_probably(Context& context, const Arguments& arguments, AnalysisView view, const InputSet& set, AnalyzeOptions options) {
  auto failure = parse_tolerance("--probability", arguments.text("probability"));
  if (!failure) return fail(failure.error());
  if (!set.box || !view.formats->has_value()) return fail("E0606", "--probability speaks of --input or --box, and of --uniform or --schedule");
  options.decimals = &set.decimals;
  auto analysis = analyze_probable(view.model->lowered, **view.formats, *set.box, *failure, options);
  if (!analysis) return fail(analysis.error());
  view.nodes = &analysis->proved.nodes;
  view.contributions = &analysis->proved.contributions;
  view.overflows = &analysis->proved.overflows;
  view.max_error = analysis->proved.max_error;
  view.probable = &*analysis;
  return conclude(context, view, set);
}

Result<ExitCode> over_data(Context& context, AnalysisView view, const InputSet& set, const AnalyzeOptions& options, unsigned threads) {
  const FormatAssignment exact(view.model->graph->nodes.size());
  const bool rounded = view.formats->has_value();
  const auto workers = make_workers(threads);
  auto analysis = analyze_data(view.model->lowered, rounded ? **view.formats : exact, *set.data,
                               {.analyze = options, .simulate = rounded, .output = view.output, .threads = threads, .stop_below_share = {}, .workers = workers.get()});
  if (!analysis) return fail(analysis.error());
  view.nodes = &analysis->hull;
  view.contributions = &analysis->contributions;
  view.overflows = &analysis->overflows;
  view.max_error = analysis->max_bound;
  view.seconds = analysis->seconds;
  view.data = &*analysis;
  view.samples = &*set.data;
  return conclude(context, view, set);
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  silence_unless_first();
  auto kind = arguments.exactly_one({"input", "box", "data"});
  if (!kind) return fail(kind.error());
  auto options = read_analysis_options(arguments);
  if (!options) return fail(options.error());
  auto threads = read_jobs(arguments);
  if (!threads) return fail(threads.error());
  auto model = load_model(context, arguments.operands()[0], arguments.all("input-shape"));
  if (!model) return fail(model.error());
  auto output = chosen_output(*model->graph, arguments);
  if (!output) return fail(output.error());
  auto set = read_input_set(*model->graph, arguments);
  if (!set) return fail(set.error());
  if (arguments.has("parametric")) return run_parametric(context, arguments, *model, *set, *options, *output);
  auto precision = read_precision(*model->graph, arguments);
  if (!precision) return fail(precision.error());
  if (arguments.has("export")) return export_gappa(context, arguments, *model, precision->formats, *set);
  if (const auto path = arguments.given("certificate")) {
    if (!precision->formats) return fail("E0003", "a certificate speaks of rounded networks: --uniform or --schedule is needed", "--certificate");
    return write_certificate_of(context, *model, *precision->formats, *set, *options, *output, *path);
  }
  AnalysisView view{.model = &*model, .formats = &precision->formats};
  view.output = *output;
  auto boxes = read_split_boxes(arguments, model->lowered, options->method);
  if (!boxes) return fail(boxes.error());
  options->split_boxes = set->box ? *boxes : 0;
  options->layer_errors = set->box.has_value() || arguments.has("layer-errors");
  if (arguments.has("probability")) return over_box_probably(context, arguments, view, *set, *options);
  return set->box ? over_box(context, view, *set, *options) : over_data(context, view, *set, *options, *threads);
}

}  // namespace

Command analyze_command() {
  return {.name = "analyze",
          .summary = "prove ranges, error bounds and overflow verdicts of a model under formats",
          .description = "Without --uniform and --schedule: ranges of the real network only. Printed bounds are rounded outward; see halfulp help certificates.\n"
                         "Exit code 1 if overflow cannot be excluded. Under mpirun the samples of --data are shared by the processes; the result is the same\n"
                         "for any number of threads and processes.",
          .operands = {model_operand()},
          .options = join_options({shape_options(), input_set_options(), precision_options(), engine_options("fast"),
                                   {{.name = "output", .value = "NAME", .help = "the output that `output` in JSON and argmax speak of"},
                                    parts_option(),
                                    {.name = "layer-errors", .help = "over data: sharp error bounds of inner layers too, several times slower (a box always has them)"},
                                    {.name = "probability", .value = "P",
                                     .help = "of stochastic rounding also a bound that fails with a probability of at most P (marked probabilistic)"},
                                    jobs_option(),
                                    {.name = "export", .value = "PROVER", .help = "write the bounds as a script of this prover to the file of -o", .choices = {"gappa"}},
                                    {.name = "out", .short_name = 'o', .value = "FILE", .help = "file of --export"},
                                    {.name = "certificate", .value = "FILE", .help = "write what `check --certificate` replays without any search"}},
                                   parametric_options()}),
          .examples = {{"halfulp analyze net.pt --input-shape 1,64 --input \"[0,1]\" --uniform \"fixed<16,6>\"", "bounds over all inputs in [0, 1]"},
                       {"halfulp analyze net.pt --input-shape 1,64 --data x.npy --labels y.npy --uniform e4m3 --format json",
                        "argmax certificates of each sample"}},
          .run = run};
}

}  // namespace halfulp::cli
