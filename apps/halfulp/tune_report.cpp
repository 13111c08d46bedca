#include "tune_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "halfulp/cost/cost.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/report/table.hpp"
#include "halfulp/support/text.hpp"
#include "rules_hash.hpp"
#include "shell_words.hpp"

namespace halfulp::cli {
namespace {

struct RoleColumn {
  const char* key;
  std::optional<Format> NodeFormats::*format;
};

constexpr RoleColumn kColumns[] = {{"input", &NodeFormats::input},       {"weight", &NodeFormats::weight},
                                   {"bias", &NodeFormats::bias},         {"product", &NodeFormats::product},
                                   {"accumulator", &NodeFormats::accumulator}, {"output", &NodeFormats::output}};

Json cost_json(const TuneResult& result) {
  Json json = Json::object().set("mean_weight_bits", result.mean_weight_bits).set("weight_bits", result.weight_bits)
                  .set("activation_bits", result.activation_bits).set("total", result.cost);
  for (const auto& [name, value] : result.costs) json.set(name, value);
  return json;
}

Json requirement_json(const Requirement& requirement) {
  Json json = Json::object();
  if (requirement.max_error) json.set("max_error", *requirement.max_error);
  for (const auto& [output, limit] : requirement.output_errors) json.set("output_error " + output, limit);
  if (requirement.max_relative_error) json.set("max_relative_error", *requirement.max_relative_error);
  if (requirement.certify_share) json.set("certify_share", *requirement.certify_share);
  if (requirement.no_overflow) json.set("no_overflow", true);
  if (requirement.max_accuracy_drop) json.set("max_accuracy_drop", *requirement.max_accuracy_drop);
  if (requirement.max_observed_error) json.set("max_observed_error", *requirement.max_observed_error);
  if (requirement.mean_observed_error) json.set("mean_observed_error", *requirement.mean_observed_error);
  return json.set("input_set", requirement.input_set);
}

std::map<std::string, double> observations(const TuneResult& result) {
  std::map<std::string, double> observed;
  if (result.accuracy) observed["accuracy"] = *result.accuracy;
  if (result.real_accuracy) observed["real_accuracy"] = *result.real_accuracy;
  if (result.observed_error) observed["max_error"] = *result.observed_error;
  return observed;
}

Json outcome_json(const TuneResult& result) {
  Json outcome = Json::object().set("status", result.status).set("error_bound", result.error_bound);
  if (result.relative_error) outcome.set("relative_error", *result.relative_error);
  if (result.certified_share) outcome.set("certified_share", *result.certified_share);
  if (const auto observed = observations(result); !observed.empty()) {
    Json json = Json::object();
    for (const auto& [name, value] : observed) json.set(name, value);
    outcome.set("observed", json);
  }
  Json goals = Json::array();
  for (const GoalResult& goal : result.goals) {
    goals.push(Json::object().set("goal", goal.goal).set("limit", goal.limit).set("reached", goal.reached).set("status", goal.status));
  }
  return outcome.set("overflow_free", result.overflow_free).set("engine", result.engine == Engine::kMpfr ? "mpfr" : "fast").set("goals", goals)
      .set("cost", cost_json(result));
}

// Four digits, rounded up, unless that says more than was asked for: the slack lets `check` prove it by another arithmetic.
std::string stated_bound(double bound, const std::optional<std::string>& limit) {
  const std::string brief = short_up(bound);
  if (!limit) return brief;
  const auto stated = enclose_decimal(brief), asked = enclose_decimal(*limit);
  const bool within = stated && asked && stated->hi <= asked->lo;
  return within ? brief : round_up_text(bound);
}

Json layers_json(const Schedule& schedule) {
  Json rows = Json::array();
  for (const auto& layer : schedule.layers) {
    Json row = Json::object().set("name", layer.name);
    for (const auto& column : kColumns) {
      if (layer.formats.*column.format) row.set(column.key, (layer.formats.*column.format)->name);
    }
    rows.push(row);
  }
  return rows;
}

std::string layers_text(const Schedule& schedule) {
  Table table;
  table.column("layer");
  for (const auto& column : kColumns) table.column(column.key);
  for (const auto& layer : schedule.layers) {
    std::vector<std::string> cells = {layer.name};
    for (const auto& column : kColumns) cells.push_back(layer.formats.*column.format ? (layer.formats.*column.format)->name : "");
    table.row(cells);
  }
  return table.render();
}

// The command without the options that say how to compute, not what: they leave the schedule as it is.
std::string lasting_command(const std::string& command) {
  const std::vector<std::string> words = shell_split(command);
  std::string kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string name = words[i].substr(0, words[i].find('='));
    const bool passing = name == "--journal" || name == "--resume" || name == "--jobs" || words[i].starts_with("-j");
    if (!passing) kept += (kept.empty() ? "" : " ") + shell_quoted(words[i]);
    if (passing && (words[i] == "-j" || (words[i] == name && name.starts_with("--")))) ++i;  // its value is the next word
  }
  return kept;
}

std::string goals_text(const TuneResult& result) {
  std::string text;
  for (const GoalResult& goal : result.goals) {
    const bool at_least = goal.goal == "certify_share";
    text += fmt::format("  {} {} {}: {} ({})\n", goal.goal, at_least ? ">=" : "<=", fmt::format("{:.6g}", goal.limit), at_least ? short_down(goal.reached) : short_up(goal.reached),
                        goal.status);
  }
  return text;
}

}  // namespace

Schedule tuned_schedule(const Context& context, const Model& model, const InputSet& set, Requirement requirement, const TuneResult& result) {
  Schedule schedule;
  schedule.provenance = {.tool = std::string("halfulp ") + kVersion,
                         .command = lasting_command(context.command_line),
                         .seed = context.seed,
                         .model_file = model.path,
                         .model_sha256 = model.graph->model_sha256,
                         .data_sha256 = set.data_sha256,
                         .rules_sha256 = rules_sha256()};
  requirement.input_set = set.words;
  schedule.requirement = std::move(requirement);
  schedule.result.status = result.status;
  if (std::isfinite(result.error_bound) || schedule.requirement.max_error) {
    schedule.result.error_bound = stated_bound(result.error_bound, schedule.requirement.max_error);
  }
  if (result.relative_error) schedule.result.relative_error = stated_bound(*result.relative_error, schedule.requirement.max_relative_error);
  schedule.result.argmax_share = result.certified_share;
  schedule.result.observed = observations(result);
  schedule.result.cost = result.costs;
  schedule.layers = layers_of(*model.graph, result.formats);
  return schedule;
}

Json tune_json(const Context& context, const Model& model, const InputSet& set, const Schedule& schedule, const TuneResult& result) {
  Json json = Json::object().set("schema", "halfulp.tune/1").set("provenance", model_provenance(context, model, set));
  json.set("requirement", requirement_json(schedule.requirement)).set("result", outcome_json(result));
  if (const auto& baseline = result.baseline) {
    json.set("baseline", Json::object().set("format", baseline->format).set("error_bound", baseline->error_bound)
                             .set("cost", Json::object().set("mean_weight_bits", baseline->mean_weight_bits).set("total", baseline->cost)));
  } else {
    json.set("baseline", Json());
  }
  json.set("layers", layers_json(schedule)).set("strategy", result.strategy).set("space_size", result.space_size);
  json.set("evaluations", result.evaluations).set("simulator_runs", result.simulator_runs).set("resumed_answers", result.resumed);
  return json.set("budget_exhausted", result.budget_exhausted).set("interrupted", result.interrupted);
}

Requirement at_reached_bound(Requirement requirement, const TuneResult& result) {
  requirement.max_error = short_up(result.error_bound);
  return requirement;
}

Json front_json(const Context& context, const Model& model, const InputSet& set, const std::vector<FrontRow>& rows) {
  Json points = Json::array();
  for (const FrontRow& row : rows) {
    points.push(Json::object().set("schedule", row.path).set("result", outcome_json(row.result)).set("layers", layers_json(row.schedule)));
  }
  return Json::object().set("schema", "halfulp.front/1").set("provenance", model_provenance(context, model, set)).set("points", points);
}

std::string front_text(const std::vector<FrontRow>& rows) {
  Table table;
  table.column("error bound", Align::kRight).column("cost", Align::kRight).column("mean weight bits", Align::kRight).column("status").column("schedule");
  for (const FrontRow& row : rows) {
    table.row({short_up(row.result.error_bound), fmt::format("{:.6g}", row.result.cost), fmt::format("{:.4g}", row.result.mean_weight_bits),
               row.result.status, row.path});
  }
  return table.render();
}

std::string tune_text(const Model& model, const Schedule& schedule, const TuneResult& result) {
  std::string text = layers_text(schedule);
  const bool met = result.status != "unmet";
  const std::string what = std::isfinite(result.error_bound) ? fmt::format("output error <= {} (proved) with ", short_up(result.error_bound)) : "";
  text += fmt::format("requirement {}: {}{:.4g} mean weight bits, {} bits of weights, {} evaluations\n", met ? "met" : "NOT met", what,
                      result.mean_weight_bits, with_commas(static_cast<std::int64_t>(result.weight_bits)), result.evaluations);
  if (result.goals.size() > 1 || result.simulator_runs > 0) text += goals_text(result);
  if (result.certified_share) text += fmt::format("argmax proved for {} of the samples\n", percent_down(*result.certified_share));
  if (result.simulator_runs > 0) text += fmt::format("observed in {} simulator runs over the data\n", result.simulator_runs);
  if (const auto& baseline = result.baseline) {
    text += fmt::format("cheapest uniform format that {}: {} ({:.4g} mean weight bits", result.status == "observed" ? "keeps it" : "is proved",
                        baseline->format, baseline->mean_weight_bits);
    text += std::isfinite(result.error_bound) ? fmt::format(", error <= {})\n", short_up(baseline->error_bound)) : ")\n";
  }
  if (result.baseline && result.cost != result.weight_bits) {
    text += fmt::format("cost {:.6g}, uniform {:.6g}\n", result.cost, result.baseline->cost);
  }
  if (met && std::isfinite(result.error_bound)) {
    text += result.engine == Engine::kMpfr ? "proved again with MPFR\n" : "proved in doubles; `halfulp check` proves it again with MPFR\n";
  }
  if (result.interrupted) text += "interrupted: this is the best so far\n";
  if (result.budget_exhausted) {
    text += met ? "the budget cut the search short: what is written keeps the requirement, a longer search (--evaluations, --time) may find cheaper\n"
                : "the budget ran out before the search ended: the best so far is written\n";
  }
  for (std::size_t i = 0; !met && i < std::min<std::size_t>(3, result.contributions.size()); ++i) {
    const Contribution& part = result.contributions[i];
    text += fmt::format("contribution: {} of {}, {}\n", to_string(part.role), (*model.graph)[part.node].name, short_up(part.amount));
  }
  return text;
}

}  // namespace halfulp::cli
