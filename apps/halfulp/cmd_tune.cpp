#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "analysis_options.hpp"
#include "cmd.hpp"
#include "interrupt.hpp"
#include "option_sets.hpp"
#include "tune_report.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

// "fixed<2..32,*>, e4m3": the commas outside of <> separate.
std::vector<std::string> split_formats(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '<' ? 1 : c == '>' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else if (c != ' ') {
      parts.back() += c;
    }
  }
  return parts;
}

Result<void> read_requirement(const Arguments& arguments, TuneOptions& options, Requirement& requirement) {
  if (!arguments.has("max-error") && !arguments.has("certify")) {
    return fail("E0003", "a requirement is needed: --max-error or --certify");
  }
  if (const auto text = arguments.given("max-error")) {
    auto tolerance = parse_tolerance("--max-error", *text);
    if (!tolerance) return fail(tolerance.error());
    options.max_error = *tolerance;
    requirement.max_error = *text;
  }
  if (const auto text = arguments.given("certify")) {
    if (!arguments.has("data")) return fail("E0003", "--certify needs --data");
    auto share = parse_share("--certify", *text);
    if (!share) return fail(share.error());
    options.certify_share = requirement.certify_share = *share;
  }
  return {};
}

Result<void> read_search(const Context& context, const Arguments& arguments, TuneOptions& options) {
  options.seed = context.seed;
  options.target = arguments.text("target");
  if (const auto formats = arguments.given("formats")) options.formats = split_formats(*formats);
  if (auto patterns = parse_patterns(options.formats); !patterns) return fail(patterns.error());
  if (const auto spelling = arguments.given("input-format")) {
    auto format = parse_format(*spelling);
    if (!format) return fail(format.error());
    options.input_format = *format;
  }
  auto evaluations = parse_count("--evaluations", arguments.text("evaluations"), 1, 1000000000);
  if (!evaluations) return fail(evaluations.error());
  options.evaluation_limit = static_cast<int>(*evaluations);
  auto seconds = parse_tolerance("--time", arguments.text("time"));
  if (!seconds) return fail(seconds.error());
  options.time_limit_seconds = *seconds;
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
  if (result.status == "proved") return ExitCode::kDone;
  return result.budget_exhausted ? ExitCode::kBudgetExhausted : ExitCode::kAnswerIsNo;
}

Result<ExitCode> search(Context& context, const Arguments& arguments, const Model& model, const InputSet& set, TuneOptions options,
                        const Requirement& requirement) {
  show_progress(context, options);
  catch_interrupts();
  options.interrupted = interrupted;
  auto result = tune(model.lowered, {.box = set.box, .data = set.data}, options);
  if (options.progress && isatty(STDERR_FILENO)) std::fputs("\r\x1b[K", stderr);
  if (!result) return fail(result.error());
  const Schedule schedule = tuned_schedule(context, model, set, requirement, *result);
  const std::string path = arguments.text("out");
  if (auto written = write_schedule_file(schedule, path); !written) return fail(written.error());
  if (context.json) {
    context.print_json(tune_json(context, model, set, schedule, *result).set("schedule", path));
  } else {
    context.print(tune_text(model, schedule, *result));
    context.print(fmt::format("wrote {} with status {}\n", path, schedule.result.status));
  }
  return exit_code(*result);
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  if (!arguments.has("out")) return fail("E0003", "--out is needed");
  if (auto kind = arguments.exactly_one({"input", "box", "data"}); !kind) return fail(kind.error());
  TuneOptions options;
  Requirement requirement;
  if (auto read = read_requirement(arguments, options, requirement); !read) return fail(read.error());
  if (auto read = read_search(context, arguments, options); !read) return fail(read.error());
  if (auto free = check_destination(arguments.text("out"), arguments.has("force")); !free) return fail(free.error());
  auto analyze = read_analysis_options(arguments);
  if (!analyze) return fail(analyze.error());
  options.analyze = *analyze;
  auto model = load_model(context, arguments.operands()[0], arguments.all("input-shape"));
  if (!model) return fail(model.error());
  auto set = read_input_set(*model->graph, arguments);
  if (!set) return fail(set.error());
  return search(context, arguments, *model, *set, std::move(options), requirement);
}

}  // namespace

Command tune_command() {
  return {.name = "tune",
          .summary = "search the cheapest formats, layer by layer, that provably keep a requirement",
          .description = "Writes a precision schedule with what is proved of it. When the requirement cannot be met, the best bound found is written\n"
                         "with status unmet: exit code 1, or 4 if the budget ran out. Inputs stay exact unless --input-format is given.",
          .operands = {model_operand()},
          .options = join_options({shape_options(), input_set_options(),
                                   {{.name = "max-error", .value = "E", .help = "required: output error at most E, absolute, max norm"},
                                    {.name = "certify", .value = "SHARE", .help = "required: argmax proved for this share of the samples of --data"},
                                    {.name = "formats", .value = "LIST", .fallback = "fixed<2..32,*>", .help = "formats and patterns to choose from"},
                                    {.name = "input-format", .value = "FORMAT", .help = "format of the network inputs"},
                                    {.name = "target", .value = "NAME", .fallback = "bits", .help = "what to minimise: a name of rules/targets, or a file NAME.toml"},
                                    {.name = "evaluations", .value = "N", .fallback = "2000", .help = "analyses the search may spend"},
                                    {.name = "time", .value = "SECONDS", .fallback = "600", .help = "time the search may spend"},
                                    {.name = "out", .short_name = 'o', .value = "FILE", .help = "schedule to write"},
                                    {.name = "force", .help = "overwrite a schedule that was edited by hand"}},
                                   engine_options("fast")}),
          .examples = {{"halfulp tune net.pt --input-shape 1,64 --input \"[0,1]\" --max-error 1e-2 -o net.toml", "a proved error of 0.01 over a box"},
                       {"halfulp tune net.pt --input-shape 1,64 --data x.npy --certify 95% --formats \"fixed<4..16,*>\" -o net.toml",
                        "class decisions that provably stay"}},
          .run = run};
}

}  // namespace halfulp::cli
