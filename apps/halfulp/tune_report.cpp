#include "tune_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "halfulp/cost/cost.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/report/table.hpp"
#include "halfulp/support/text.hpp"
#include "rules_hash.hpp"

namespace halfulp::cli {
namespace {

struct RoleColumn {
  const char* key;
  std::optional<Format> NodeFormats::*format;
};

constexpr RoleColumn kColumns[] = {{"input", &NodeFormats::input},       {"weight", &NodeFormats::weight},
                                   {"bias", &NodeFormats::bias},         {"product", &NodeFormats::product},
                                   {"accumulator", &NodeFormats::accumulator}, {"output", &NodeFormats::output}};

Json cost_json(double mean_weight_bits, double weight_bits, double activation_bits, double total) {
  return Json::object().set("mean_weight_bits", mean_weight_bits).set("weight_bits", weight_bits).set("activation_bits", activation_bits).set("total", total);
}

Json requirement_json(const Requirement& requirement) {
  Json json = Json::object();
  if (requirement.max_error) json.set("max_error", *requirement.max_error);
  if (requirement.certify_share) json.set("certify_share", *requirement.certify_share);
  return json.set("input_set", requirement.input_set);
}

// Four digits, rounded up, unless that says more than was asked for: the slack lets `check` prove it by another arithmetic.
std::string stated_bound(double bound, const Requirement& requirement) {
  const std::string brief = short_up(bound);
  if (!requirement.max_error) return brief;
  const auto stated = enclose_decimal(brief), asked = enclose_decimal(*requirement.max_error);
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

}  // namespace

Schedule tuned_schedule(const Context& context, const Model& model, const InputSet& set, Requirement requirement, const TuneResult& result) {
  Schedule schedule;
  schedule.provenance = {.tool = std::string("halfulp ") + kVersion,
                         .command = context.command_line,
                         .seed = context.seed,
                         .model_file = model.path,
                         .model_sha256 = model.graph->model_sha256,
                         .data_sha256 = set.data_sha256,
                         .rules_sha256 = rules_sha256()};
  requirement.input_set = set.words;
  schedule.requirement = std::move(requirement);
  schedule.result.status = result.status;
  schedule.result.error_bound = stated_bound(result.error_bound, schedule.requirement);
  schedule.result.argmax_share = result.certified_share;
  schedule.result.cost = {{"mean_weight_bits", result.mean_weight_bits}, {"weight_bits", result.weight_bits}, {"activation_bits", result.activation_bits}};
  schedule.layers = layers_of(*model.graph, result.formats);
  return schedule;
}

Json tune_json(const Context& context, const Model& model, const InputSet& set, const Schedule& schedule, const TuneResult& result) {
  Json outcome = Json::object().set("status", result.status).set("error_bound", result.error_bound);
  if (result.certified_share) outcome.set("certified_share", *result.certified_share);
  outcome.set("cost", cost_json(result.mean_weight_bits, result.weight_bits, result.activation_bits, result.cost));
  Json json = Json::object().set("schema", "halfulp.tune/1").set("provenance", model_provenance(context, model, set));
  json.set("requirement", requirement_json(schedule.requirement)).set("result", outcome);
  if (const auto& baseline = result.baseline) {
    json.set("baseline", Json::object().set("format", baseline->format).set("error_bound", baseline->error_bound)
                             .set("cost", Json::object().set("mean_weight_bits", baseline->mean_weight_bits).set("total", baseline->cost)));
  } else {
    json.set("baseline", Json());
  }
  return json.set("layers", layers_json(schedule)).set("evaluations", result.evaluations).set("budget_exhausted", result.budget_exhausted);
}

std::string tune_text(const Model& model, const Schedule& schedule, const TuneResult& result) {
  std::string text = layers_text(schedule);
  const bool met = result.status == "proved";
  text += fmt::format("requirement {}: output error <= {} (proved) with {:.4g} mean weight bits, {} bits of weights, {} evaluations\n",
                      met ? "met" : "NOT met", short_up(result.error_bound), result.mean_weight_bits,
                      with_commas(static_cast<std::int64_t>(result.weight_bits)), result.evaluations);
  if (result.certified_share) text += fmt::format("argmax proved for {} of the samples\n", percent_down(*result.certified_share));
  if (const auto& baseline = result.baseline) {
    text += fmt::format("cheapest uniform format that is proved: {} ({:.4g} mean weight bits, error <= {})\n", baseline->format,
                        baseline->mean_weight_bits, short_up(baseline->error_bound));
  }
  for (std::size_t i = 0; !met && i < std::min<std::size_t>(3, result.contributions.size()); ++i) {
    const Contribution& part = result.contributions[i];
    text += fmt::format("contribution: {} of {}, {}\n", to_string(part.role), (*model.graph)[part.node].name, short_up(part.amount));
  }
  return text;
}

}  // namespace halfulp::cli
