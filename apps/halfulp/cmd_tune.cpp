#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "analysis_options.hpp"
#include "cmd.hpp"
#include "halfulp/support/hash.hpp"
#include "interrupt.hpp"
#include "jobs.hpp"
#include "option_sets.hpp"
#include "tune_goals.hpp"
#include "tune_report.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

Result<void> read_limits(const Context& context, const Arguments& arguments, TuneOptions& options) {
  options.seed = context.seed;
  options.target = arguments.text("target");
  options.strategy = arguments.text("strategy");
  auto evaluations = parse_count("--evaluations", arguments.text("evaluations"), 1, 1000000000);
  if (!evaluations) return fail(evaluations.error());
  options.evaluation_limit = *evaluations;
  auto seconds = parse_tolerance("--time", arguments.text("time"));
  if (!seconds) return fail(seconds.error());
  options.time_limit_seconds = *seconds;
  auto points = parse_count("--points", arguments.text("points"), 2, 40);
  if (!points) return fail(points.error());
  options.front_points = arguments.has("pareto") ? static_cast<int>(*points) : 0;
  if (auto one = arguments.at_most_one({"journal", "resume"}); !one) return fail(one.error());
  options.resume = arguments.has("resume");
  options.journal = options.resume ? arguments.text("resume") : arguments.text("journal");
  return {};
}

// Before a long search: the file can be made, and no hand-made edits would be lost.
Result<void> check_destination(const std::string& path, bool force) {
  namespace fs = std::filesystem;
  const fs::path parent = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  std::error_code error;
  if (access(parent.c_str(), W_OK) != 0 || fs::is_directory(path, error)) {
    return fail("E0103", fmt::format("cannot write '{}'", path), path, {"name a file in a folder that exists and can be written"});
  }
  if (force || !fs::exists(path, error)) return {};
  const auto old = read_schedule(path);
  if (old && !old->edited) return {};
  return fail("E0310", old ? "the schedule was edited and would be overwritten" : "the file is no schedule and would be overwritten", path,
              {"choose another name, or overwrite it with --force"});
}

void show_progress(const Context& context, TuneOptions& options) {
  const bool terminal = isatty(STDERR_FILENO);
  if (context.quiet || (!terminal && context.verbosity == 0)) return;
  options.progress = [terminal](const std::string& line) {
    std::fprintf(stderr, terminal ? "\r\x1b[K  %s" : "  %s\n", line.c_str());
    std::fflush(stderr);
  };
}

ExitCode exit_code(const TuneResult& result) {
  if (result.interrupted) return ExitCode::kInterrupted;
  if (result.status != "unmet") return ExitCode::kDone;
  return result.budget_exhausted ? ExitCode::kBudgetExhausted : ExitCode::kAnswerIsNo;
}

// net.toml, 2 -> net.2.toml
std::string numbered(const std::string& path, std::size_t number) {
  const std::filesystem::path file(path);
  return (file.parent_path() / fmt::format("{}.{}{}", file.stem().string(), number, file.extension().string())).string();
}

// What one run of the command works with.
struct Job {
  const Model& model;
  const InputSet& set;
  const Requirement& requirement;
  std::string path;
  bool speaks = true;  // rank 0: prints and writes
};

Result<ExitCode> search_one(Context& context, const Job& job, const TuneOptions& options) {
  auto result = tune(job.model.lowered, {.box = job.set.box, .data = job.set.data}, options);
  if (options.progress && isatty(STDERR_FILENO)) std::fputs("\r\x1b[K", stderr);
  if (!result) return fail(result.error());
  if (!job.speaks) return exit_code(*result);
  const Schedule schedule = tuned_schedule(context, job.model, job.set, job.requirement, *result);
  if (auto written = write_schedule_file(schedule, job.path); !written) return fail(written.error());
  if (context.json) {
    context.print_json(tune_json(context, job.model, job.set, schedule, *result).set("schedule", job.path));
  } else {
    context.print(tune_text(job.model, schedule, *result));
    context.print(fmt::format("wrote {} with status {}\n", job.path, schedule.result.status));
  }
  return exit_code(*result);
}

Result<ExitCode> search_front(Context& context, const Job& job, const TuneOptions& options) {
  auto results = tune_front(job.model.lowered, {.box = job.set.box, .data = job.set.data}, options);
  if (options.progress && isatty(STDERR_FILENO)) std::fputs("\r\x1b[K", stderr);
  if (!results) return fail(results.error());
  ExitCode worst = ExitCode::kDone;
  std::vector<FrontRow> rows;
  for (const TuneResult& result : *results) {
    if (exit_code(result) != ExitCode::kDone) worst = exit_code(result);
    rows.push_back({tuned_schedule(context, job.model, job.set, at_reached_bound(job.requirement, result), result), result,
                    numbered(job.path, rows.size() + 1)});
    if (!job.speaks) continue;
    if (auto written = write_schedule_file(rows.back().schedule, rows.back().path); !written) return fail(written.error());
  }
  if (!job.speaks) return worst;
  if (context.json) context.print_json(front_json(context, job.model, job.set, rows));
  else context.print(front_text(rows));
  return worst;
}

std::string run_id_of(const Model& model, const InputSet& set) {
  return sha256(fmt::format("{}\n{}\n{}", kVersion, model.graph->model_sha256, set.words));
}

Result<ExitCode> search(Context& context, const Arguments& arguments, const Model& model, TuneOptions options) {
  auto set = read_input_set(*model.graph, arguments);
  if (!set) return fail(set.error());
  Requirement requirement;
  if (auto read = read_goals(*model.graph, arguments, options, requirement); !read) return fail(read.error());
  if (options.front_points > 0 && !options.max_error) return fail("E0003", "--pareto needs --max-error E: the smallest error of interest");
  options.run_id = run_id_of(model, *set);
  options.analyze.decimals = &set->decimals;
  auto threads = read_jobs(arguments);
  if (!threads) return fail(threads.error());
  const auto workers = make_workers(*threads);
  options.workers = workers.get();
  const Job job{.model = model, .set = *set, .requirement = requirement, .path = arguments.text("out"), .speaks = workers->rank() == 0};
  if (job.speaks) show_progress(context, options);
  catch_interrupts();
  options.interrupted = interrupted;
  return options.front_points > 0 ? search_front(context, job, options) : search_one(context, job, options);
}

Result<void> check_destinations(const Arguments& arguments, const TuneOptions& options) {
  const std::string path = arguments.text("out");
  if (options.front_points == 0) return check_destination(path, arguments.has("force"));
  for (int point = 1; point <= options.front_points; ++point) {
    if (auto free = check_destination(numbered(path, static_cast<std::size_t>(point)), arguments.has("force")); !free) return free;
  }
  return {};
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  silence_unless_first();
  if (!arguments.has("out")) return fail("E0003", "--out is needed");
  if (auto kind = arguments.exactly_one({"input", "box", "data"}); !kind) return fail(kind.error());
  if (auto goals = check_goal_words(arguments); !goals) return fail(goals.error());
  TuneOptions options;
  if (auto read = read_space(arguments, options); !read) return fail(read.error());
  if (auto read = read_limits(context, arguments, options); !read) return fail(read.error());
  if (auto free = check_destinations(arguments, options); !free) return fail(free.error());
  auto analyze = read_analysis_options(arguments);
  if (!analyze) return fail(analyze.error());
  options.analyze = *analyze;
  auto model = load_model(context, arguments.operands()[0], arguments.all("input-shape"));
  if (!model) return fail(model.error());
  return search(context, arguments, *model, std::move(options));
}

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const StrategyEntry& entry : strategy_entries()) names.push_back(entry.name);
  return names;
}

}  // namespace

Command tune_command() {
  return {.name = "tune",
          .summary = "search the cheapest formats, layer by layer, that provably keep a requirement",
          .description = "Writes a precision schedule with what is proved of it. When the requirement cannot be met, the best bound found is written\n"
                         "with status unmet: exit code 1, or 4 if the budget ran out. A requirement that is met gives 0 even where the budget cut the search\n"
                         "short, which the output then says. Inputs stay exact unless --input-format is given.\n"
                         "Several requirements must all hold. With --pareto, schedules from E up to larger errors are written to FILE.1, FILE.2, ...\n"
                         "Under mpirun the work is shared by the processes; the result is the same for any number of threads and processes.",
          .operands = {model_operand()},
          .options = join_options({shape_options(), input_set_options(), goal_options(), space_options(),
                                   {{.name = "target", .value = "NAME", .fallback = "bits", .help = "what to minimise: a name of rules/targets, or a file NAME.toml"},
                                    {.name = "strategy", .value = "NAME", .fallback = "auto", .help = "how to search", .choices = strategy_names()},
                                    {.name = "pareto", .help = "the front of cost against error, from --max-error upwards"},
                                    {.name = "points", .value = "N", .fallback = "7", .help = "points of the front to look for, half a decade apart"},
                                    {.name = "evaluations", .value = "N", .fallback = "2000", .help = "assignments the search may ask about"},
                                    {.name = "time", .value = "SECONDS", .fallback = "600", .help = "time the search may spend"},
                                    {.name = "jobs", .short_name = 'j', .value = "N", .fallback = "0", .help = "threads; 0: one a processor"},
                                    {.name = "journal", .value = "FILE", .help = "keep every answer of the search, JSON Lines"},
                                    {.name = "resume", .value = "FILE", .help = "go on with the journal of an earlier run of this command"},
                                    {.name = "out", .short_name = 'o', .value = "FILE", .help = "schedule to write"},
                                    {.name = "force", .help = "overwrite a schedule that was edited by hand"}},
                                   engine_options("fast")}),
          .examples = {{"halfulp tune net.pt --input-shape 1,64 --input \"[0,1]\" --max-error 1e-2 -o net.toml", "a proved error of 0.01 over a box"},
                       {"halfulp tune net.pt --input-shape 1,64 --data x.npy --labels y.npy --max-accuracy-drop 0.5% -o net.toml",
                        "half a per cent of accuracy, as simulated"}},
          .run = run};
}

}  // namespace halfulp::cli
