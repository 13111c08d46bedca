#include <algorithm>
#include <cmath>

#include "analysis_report.hpp"

namespace halfulp::cli {
namespace {

Json range_json(const Interval& range) { return Json::object().set("lo", range.lo).set("hi", range.hi).set("status", "proved"); }

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json layer_json(const AnalysisView& view, NodeId id) {
  const Node& node = (*view.model->graph)[id];
  const LayerFacts facts = layer_facts(view, id);
  Json json = Json::object();
  json.set("name", node.name).set("op", node.op).set("shape", Json::array_of(node.shape)).set("range", range_json(facts.real));
  if (*view.formats) json.set("deployed_range", range_json(facts.deployed));
  json.set("error", Json::object().set("absolute", facts.absolute).set("relative", optional_json(facts.relative))
                        .set("ulp", optional_json(facts.ulp)).set("status", "proved"));
  return json.set("share", facts.share).set("overflow", facts.overflow);
}

Json output_json(const AnalysisView& view, NodeId id) {
  const NodeBounds& bounds = (*view.nodes)[static_cast<std::size_t>(id)];
  Json ranges = Json::array(), deployed = Json::array(), errors = Json::array();
  double max_error = 0;
  for (std::size_t i = 0; i < bounds.real.size(); ++i) {
    ranges.push(Json::object().set("lo", bounds.real[i].lo).set("hi", bounds.real[i].hi));
    if (i < bounds.deployed.size()) deployed.push(Json::object().set("lo", bounds.deployed[i].lo).set("hi", bounds.deployed[i].hi));
    const double error = i < bounds.error.size() ? magnitude(bounds.error[i]) : 0;
    max_error = std::max(max_error, error);
    errors.push(Json::object().set("absolute", error));
  }
  Json json = Json::object();
  json.set("name", (*view.model->graph)[id].name).set("shape", Json::array_of((*view.model->graph)[id].shape)).set("range", ranges);
  if (*view.formats) json.set("deployed_range", deployed);
  return json.set("error", errors).set("max_error", max_error).set("status", "proved");
}

Json samples_json(const DataAnalysis& data, const DataSet& set) {
  std::int64_t proved = 0, observed = 0, labelled = 0, proved_labelled = 0;
  for (std::size_t s = 0; s < data.samples.size(); ++s) {
    const SampleVerdict& verdict = data.samples[s];
    proved += verdict.argmax_proved;
    observed += verdict.argmax_observed;
    if (set.labels.empty() || verdict.real_class != set.labels[s]) continue;
    ++labelled;
    proved_labelled += verdict.argmax_proved;
  }
  Json json = Json::object();
  json.set("count", data.samples.size()).set("radius", set.radius).set("argmax_proved", proved).set("argmax_observed", observed);
  json.set("argmax_proved_share", data.proved_share).set("argmax_observed_share", data.observed_share);
  if (!set.labels.empty()) json.set("real_correct", labelled).set("proved_correct", proved_labelled);
  return json.set("mean_error_bound", data.mean_bound).set("max_error_bound", data.max_bound).set("max_observed_error", data.max_observed_error);
}

Json overflows_json(const AnalysisView& view) {
  Json json = Json::array();
  for (const auto& place : *view.overflows) {
    json.push(Json::object().set("name", (*view.model->graph)[place.node].name).set("role", to_string(place.role)).set("format", place.format)
                  .set("needed", Json::object().set("lo", place.needed.lo).set("hi", place.needed.hi)).set("missing_bits", place.missing_bits));
  }
  return json;
}

Json contributions_json(const AnalysisView& view) {
  Json json = Json::array();
  for (const auto& contribution : *view.contributions) {
    json.push(Json::object().set("name", (*view.model->graph)[contribution.node].name).set("role", to_string(contribution.role))
                  .set("amount", contribution.amount));
  }
  return json;
}

}  // namespace

namespace {

Json probable_json(const AnalysisView& view) {
  Json outputs = Json::array();
  const auto& ids = view.model->graph->outputs;
  for (std::size_t o = 0; o < ids.size(); ++o) {
    Json errors = Json::array();
    for (const double error : view.probable->error[o]) errors.push(error);
    Json output = Json::object();
    output.set("name", (*view.model->graph)[ids[o]].name).set("error", std::move(errors));
    outputs.push(std::move(output));
  }
  Json json = Json::object();
  json.set("failure", view.probable->failure).set("max_error", view.probable->max_error).set("outputs", std::move(outputs));
  json.set("assumes", "independent uniform random bits, inputs independent of them");
  return json;
}

}  // namespace

Json analysis_json(const AnalysisView& view, Json provenance) {
  const Graph& graph = *view.model->graph;
  Json layers = Json::array(), outputs = Json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].op != "constant") layers.push(layer_json(view, static_cast<NodeId>(i)));
  }
  for (const NodeId id : graph.outputs) outputs.push(output_json(view, id));
  Json json = Json::object();
  json.set("schema", "halfulp.analysis/1").set("provenance", std::move(provenance)).set("layers", layers);
  json.set("output", outputs.elements()[view.output]).set("outputs", outputs).set("max_error", view.max_error);
  json.set("seconds", view.seconds).set("overflows", overflows_json(view)).set("contributions", contributions_json(view));
  if (view.probable) json.set("probabilistic", probable_json(view));
  if (view.data) json.set("samples", samples_json(*view.data, *view.samples));
  return json;
}

}  // namespace halfulp::cli
