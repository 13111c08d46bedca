#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis_options.hpp"
#include "analysis_report.hpp"
#include "certificate_file.hpp"
#include "cmd.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/report/table.hpp"
#include "halfulp/support/text.hpp"
#include "option_sets.hpp"
#include "schedule_inputs.hpp"

namespace halfulp::cli {
namespace {

// What the analysis proves now, from scratch.
struct Proof {
  double error_bound = 0;
  std::optional<double> argmax_share;
  std::vector<OverflowPlace> overflows;
  std::vector<Contribution> contributions;
  bool refused = false;  // by the replay of a certificate
  std::vector<double> output_bounds = {};   // a graph output; empty where not asked for
  std::optional<double> relative_error = {};
};

struct ClaimCheck {
  std::string claim, stated, proved;
  bool holds = false;
};

double largest_error(const NodeBounds& bounds) {
  double largest = 0;
  for (const Interval& error : bounds.error) largest = std::max(largest, magnitude(error));
  return largest;
}

// max |error| / min |real| over the elements of all outputs, rounded up.
double largest_relative(const Graph& graph, const std::vector<NodeBounds>& nodes) {
  double largest = 0;
  for (const NodeId output : graph.outputs) {
    const NodeBounds& bounds = nodes[static_cast<std::size_t>(output)];
    for (std::size_t i = 0; i < bounds.error.size(); ++i) {
      const double error = magnitude(bounds.error[i]), least = mignitude(bounds.real[i]);
      if (error > 0) largest = std::max(largest, least > 0 ? std::nextafter(error / least, HUGE_VAL) : HUGE_VAL);
    }
  }
  return largest;
}

void take_outputs(const Graph& graph, const std::vector<NodeBounds>& nodes, Proof& proof) {
  for (const NodeId output : graph.outputs) proof.output_bounds.push_back(largest_error(nodes[static_cast<std::size_t>(output)]));
}

// Of each sample by itself: over all samples at once an output may reach zero that no sample brings near it.
Result<double> relative_over_data(const ScheduleInputs& inputs, const AnalyzeOptions& options) {
  double largest = 0;
  for (const auto& sample : inputs.set.data->samples) {
    auto analysis = analyze_box(inputs.model.lowered, inputs.formats, ball(sample, inputs.set.data->radius), options);
    if (!analysis) return fail(analysis.error());
    largest = std::max(largest, largest_relative(*inputs.model.graph, analysis->nodes));
  }
  return largest;
}

Result<Proof> prove(const ScheduleInputs& inputs, const AnalyzeOptions& options, bool relative) {
  if (inputs.set.box) {
    auto analysis = analyze_box(inputs.model.lowered, inputs.formats, *inputs.set.box, options);
    if (!analysis) return fail(analysis.error());
    Proof proof{analysis->max_error, std::nullopt, analysis->overflows, analysis->contributions};
    take_outputs(*inputs.model.graph, analysis->nodes, proof);
    if (relative) proof.relative_error = largest_relative(*inputs.model.graph, analysis->nodes);
    return proof;
  }
  if (!inputs.set.data) {
    return fail("E0003", "the schedule records no input set", "", {"name one with --input, --box or --data"});
  }
  auto analysis = analyze_data(inputs.model.lowered, inputs.formats, *inputs.set.data,
                               {.analyze = options, .simulate = false, .output = 0, .threads = 1, .stop_below_share = {}});
  if (!analysis) return fail(analysis.error());
  Proof proof{analysis->max_bound, analysis->proved_share, analysis->overflows, analysis->contributions};
  take_outputs(*inputs.model.graph, analysis->hull, proof);
  if (!relative) return proof;
  auto largest = relative_over_data(inputs, options);
  if (!largest) return fail(largest.error());
  proof.relative_error = *largest;
  return proof;
}

// The replay alone: no analysis, no search.
Result<Proof> prove_by_certificate(const Context& context, const ScheduleInputs& inputs, const std::string& path) {
  auto claims = check_certificate_of(inputs.model, inputs.formats, inputs.set, path);
  if (!claims) return fail(claims.error());
  for (const std::string& refusal : claims->refusals) context.say("refused: " + refusal);
  Proof proof{claims->error_bound, claims->argmax_share, {}, {}};
  proof.refused = !claims->refusals.empty();
  if (!claims->overflow_free) context.say("note: the certificate does not exclude overflow");
  return proof;
}

ClaimCheck check_bound(const std::string& claim, const std::string& stated, double proved) {
  const auto limit = enclose_decimal(stated);
  return {.claim = claim, .stated = stated, .proved = short_up(proved, 6), .holds = stated == "inf" || (limit && proved <= limit->lo)};
}

ClaimCheck check_share(const std::string& claim, double stated, const std::optional<double>& proved) {
  return {.claim = claim, .stated = shortest(stated), .proved = proved ? shortest(*proved) : "not proved", .holds = proved && *proved >= stated};
}

ClaimCheck check_optional_bound(const std::string& claim, const std::string& stated, const std::optional<double>& proved) {
  if (proved) return check_bound(claim, stated, *proved);
  return {.claim = claim, .stated = stated, .proved = "not proved", .holds = false};
}

std::optional<double> bound_of_output(const Graph& graph, const Proof& proof, const std::string& name) {
  for (std::size_t i = 0; i < graph.outputs.size() && i < proof.output_bounds.size(); ++i) {
    if (graph[graph.outputs[i]].name == name) return proof.output_bounds[i];
  }
  return std::nullopt;
}

void check_other_requirements(const Requirement& requirement, const Graph& graph, const Proof& proof, std::vector<ClaimCheck>& checks) {
  for (const auto& [output, limit] : requirement.output_errors) {
    checks.push_back(check_optional_bound("required error of " + output, limit, bound_of_output(graph, proof, output)));
  }
  if (requirement.max_relative_error) {
    checks.push_back(check_optional_bound("required relative error", *requirement.max_relative_error, proof.relative_error));
  }
  if (requirement.no_overflow) {
    const bool free = !proof.output_bounds.empty() && proof.overflows.empty();
    checks.push_back({"required no overflow", "yes", free ? "yes" : "not proved", free});
  }
}

bool is_observed(const Requirement& requirement) {
  return requirement.max_accuracy_drop || requirement.max_observed_error || requirement.mean_observed_error;
}

// An edited schedule's result is only assumed; its requirement still counts.
std::vector<ClaimCheck> check_claims(const Schedule& schedule, const Model& model, const Proof& proof) {
  std::vector<ClaimCheck> checks;
  const std::string& tuned_for = schedule.provenance.model_sha256;
  if (!tuned_for.empty()) {
    const std::string& found = model.graph->model_sha256;
    checks.push_back({"model", tuned_for.substr(0, 12), found.substr(0, 12), tuned_for == found});
  }
  const Requirement& requirement = schedule.requirement;
  if (requirement.max_error) checks.push_back(check_bound("required error", *requirement.max_error, proof.error_bound));
  if (requirement.certify_share) checks.push_back(check_share("required argmax", *requirement.certify_share, proof.argmax_share));
  check_other_requirements(requirement, *model.graph, proof, checks);
  if (schedule.edited) return checks;
  if (!schedule.result.error_bound.empty()) checks.push_back(check_bound("stated error", schedule.result.error_bound, proof.error_bound));
  if (!schedule.result.relative_error.empty()) {
    checks.push_back(check_optional_bound("stated relative error", schedule.result.relative_error, proof.relative_error));
  }
  if (schedule.result.argmax_share) checks.push_back(check_share("stated argmax", *schedule.result.argmax_share, proof.argmax_share));
  return checks;
}

bool all_hold(const std::vector<ClaimCheck>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const ClaimCheck& check) { return check.holds; });
}

void print_checks(const Context& context, const ScheduleInputs& inputs, const std::vector<ClaimCheck>& checks, const Proof& proof) {
  Table table;
  table.column("claim").column("stated", Align::kRight).column("proved now", Align::kRight).column("verdict");
  Json rows = Json::array();
  for (const auto& check : checks) {
    table.row({check.claim, check.stated, check.proved, check.holds ? "holds" : "NOT proved"});
    rows.push(Json::object().set("claim", check.claim).set("stated", check.stated).set("proved", check.proved).set("holds", check.holds));
  }
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.check/1").set("provenance", model_provenance(context, inputs.model, inputs.set))
                           .set("holds", all_hold(checks)).set("error_bound", proof.error_bound)
                           .set("argmax_share", proof.argmax_share ? Json(*proof.argmax_share) : Json()).set("claims", rows));
    return;
  }
  context.print(table.render());
  context.print(fmt::format("output error <= {} (proved)\n", short_up(proof.error_bound)));
  if (!all_hold(checks) && !proof.contributions.empty()) {
    const Contribution& most = proof.contributions.front();
    context.print(fmt::format("largest contribution: {} of {}, {}\n", to_string(most.role), (*inputs.model.graph)[most.node].name, short_up(most.amount)));
  }
  context.print(all_hold(checks) ? "every claim is proved again\n" : "not every claim is proved\n");
}

Result<void> write_proved(Schedule schedule, const ScheduleInputs& inputs, const Proof& proof, const std::string& path) {
  schedule.result.status = is_observed(schedule.requirement) ? "observed" : "proved";
  schedule.result.error_bound = round_up_text(proof.error_bound);
  schedule.result.argmax_share = proof.argmax_share;
  schedule.requirement.input_set = inputs.set.words;
  return write_schedule_file(schedule, path);
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  auto schedule = read_schedule(arguments.operands()[0]);
  if (!schedule) return fail(schedule.error());
  auto options = read_analysis_options(arguments);
  if (!options) return fail(options.error());
  options->layer_errors = false;
  auto inputs = load_schedule_inputs(context, arguments.operands()[1], *schedule, arguments);
  if (!inputs) return fail(inputs.error());
  options->decimals = &inputs->set.decimals;
  if (schedule->edited) context.say("note: the schedule was edited; its result is assumed, its requirement is proved anew");
  if (is_observed(schedule->requirement)) context.say("note: what was observed by simulation is no proof and is not checked here");
  const auto certificate = arguments.given("certificate");
  auto proof = certificate ? prove_by_certificate(context, *inputs, *certificate)
                           : prove(*inputs, *options, schedule->requirement.max_relative_error || !schedule->result.relative_error.empty());
  if (!proof) return fail(proof.error());
  if (proof->refused) return ExitCode::kAnswerIsNo;
  for (const auto& place : proof->overflows) {
    context.warn({.code = "W0110", .message = overflow_sentence(*inputs->model.graph, place), .place = (*inputs->model.graph)[place.node].name});
  }
  const auto checks = check_claims(*schedule, inputs->model, *proof);
  print_checks(context, *inputs, checks, *proof);
  if (!all_hold(checks)) return ExitCode::kAnswerIsNo;
  if (const auto path = arguments.given("out")) {
    if (auto written = write_proved(*schedule, *inputs, *proof, *path); !written) return fail(written.error());
  }
  return ExitCode::kDone;
}

}  // namespace

Command check_command() {
  return {.name = "check",
          .summary = "prove a schedule's claims again, from scratch, without the tuner",
          .description = "Shapes and input set come from the schedule unless given. Exit code 1 if a requirement or a stated bound is not proved,\n"
                         "or if the schedule is for another model.",
          .operands = {{.name = "SCHEDULE", .help = "precision schedule"}, model_operand()},
          .options = join_options({shape_options(), input_set_options(), engine_options("mpfr"),
                                   {{.name = "certificate", .value = "FILE", .help = "replay this certificate instead of a new analysis"},
                                    {.name = "out", .short_name = 'o', .value = "FILE", .help = "write the schedule with what is proved now"}}}),
          .examples = {{"halfulp check net.toml net.pt", "every claim, for the input set it was tuned for"},
                       {"halfulp check net.toml net.pt --input-shape 1,64 --box other.csv", "do the claims hold on another box?"}},
          .run = run};
}

}  // namespace halfulp::cli
