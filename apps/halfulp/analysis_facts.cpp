#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis_report.hpp"
#include "format_facts.hpp"
#include "halfulp/report/numbers.hpp"
#include "rules_hash.hpp"

namespace halfulp::cli {
namespace {

Interval hull_of(const std::vector<Interval>& elements) {
  Interval result = elements.front();
  for (const auto& element : elements) result = hull(result, element);
  return result;
}

// Maximum over elements of `part`, absent as soon as one element has none.
template <typename Part>
std::optional<double> max_of(const NodeBounds& bounds, const Part& part) {
  double worst = 0;
  for (std::size_t i = 0; i < bounds.error.size(); ++i) {
    const std::optional<double> value = part(magnitude(bounds.error[i]), bounds.real[i]);
    if (!value || !std::isfinite(*value)) return std::nullopt;
    worst = std::max(worst, *value);
  }
  return worst;
}

std::optional<double> relative_error(double absolute, const Interval& real) {
  if (absolute == 0) return 0.0;
  if (mignitude(real) == 0) return std::nullopt;
  return div_up(absolute, mignitude(real));
}

}  // namespace

LayerFacts layer_facts(const AnalysisView& view, NodeId node) {
  LayerFacts facts;
  const NodeBounds& bounds = (*view.nodes)[static_cast<std::size_t>(node)];
  if (!bounds.real.empty()) facts.real = facts.deployed = hull_of(bounds.real);
  if (!bounds.deployed.empty()) facts.deployed = hull_of(bounds.deployed);
  for (const auto& error : bounds.error) facts.absolute = std::max(facts.absolute, magnitude(error));
  facts.relative = max_of(bounds, relative_error);
  if (*view.formats) {
    const NodeFormats& formats = (**view.formats)[static_cast<std::size_t>(node)];
    const auto& format = (*view.model->graph)[node].op == "input" ? formats.input : formats.output;
    if (format && !is_grouped(*format)) {
      facts.ulp = max_of(bounds, [&](double absolute, const Interval& real) {
        return std::optional(div_up(absolute, ulp_at(*format, mignitude(real))));
      });
    }
  }
  double total = 0, own = 0;
  for (const auto& contribution : *view.contributions) {
    total += contribution.amount;
    if (contribution.node == node) own += contribution.amount;
  }
  if (total > 0 && std::isfinite(total)) facts.share = own / total;
  facts.overflow = std::any_of(view.overflows->begin(), view.overflows->end(), [&](const auto& place) { return place.node == node; });
  return facts;
}

std::string overflow_sentence(const Graph& graph, const OverflowPlace& place) {
  std::string text = fmt::format("{} of {} can take {}", to_string(place.role), graph[place.node].name, short_range(place.needed.lo, place.needed.hi));
  const auto format = parse_format(place.format);
  if (format) text += fmt::format(", {} holds [{:.6g}, {:.6g}]", place.format, lowest(*format), largest(*format));
  return text;
}

Json model_provenance(const Context& context, const Model& model, const InputSet& set) {
  Json json = context.provenance();
  json.set("model", Json::object().set("file", model.path).set("sha256", model.graph->model_sha256));
  return json.set("rules_sha256", rules_sha256()).set("input_set", set.words);
}

}  // namespace halfulp::cli
