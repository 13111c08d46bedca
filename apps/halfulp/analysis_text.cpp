#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis_report.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/report/table.hpp"

namespace halfulp::cli {
namespace {

std::string layer_table(const AnalysisView& view) {
  const bool rounded = view.formats->has_value();
  Table table;
  table.column("layer").column("operator").column("output").column("range");
  if (rounded) table.column("abs. error <=", Align::kRight).column("ulp <=", Align::kRight).column("share", Align::kRight).column("");
  const Graph& graph = *view.model->graph;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].op == "constant") continue;
    const LayerFacts facts = layer_facts(view, static_cast<NodeId>(i));
    std::vector<std::string> cells = {graph.nodes[i].name, graph.nodes[i].op, to_string(graph.nodes[i].shape), short_range(facts.real.lo, facts.real.hi)};
    if (rounded) {
      const auto& bounds = (*view.nodes)[i];
      cells.push_back(bounds.error.empty() ? "" : short_up(facts.absolute, 3));
      cells.push_back(facts.ulp ? short_up(*facts.ulp, 3) : "");
      cells.push_back(facts.share > 0 ? fmt::format("{:.1f} %", 100 * facts.share) : "");
      cells.push_back(facts.overflow ? "overflow possible" : "");
    }
    table.row(cells);
  }
  return table.render();
}

std::string samples_text(const DataAnalysis& data, const DataSet& set) {
  const auto count = [](const auto& samples, auto member) {
    return std::count_if(samples.begin(), samples.end(), [&](const auto& s) { return s.*member; });
  };
  const std::string ball = set.radius > 0 ? fmt::format(", each with radius {}", short_up(set.radius)) : "";
  return fmt::format("{} samples{}: argmax proved {} ({}), observed {} ({})\nerror bound: mean {}, largest {} (proved); largest error seen {} (observed)\n",
                     data.samples.size(), ball, count(data.samples, &SampleVerdict::argmax_proved), percent_down(data.proved_share),
                     count(data.samples, &SampleVerdict::argmax_observed), percent_down(data.observed_share), short_up(data.mean_bound),
                     short_up(data.max_bound), short_up(data.max_observed_error));
}

}  // namespace

std::string analysis_text(const AnalysisView& view) {
  std::string text = layer_table(view);
  const Graph& graph = *view.model->graph;
  if (!view.formats->has_value()) {
    text += "ranges of the real network (proved)\n";
    return text;
  }
  text += fmt::format("output error <= {} (proved; absolute, max norm over {})\n", short_up(view.max_error),
                      graph.outputs.size() == 1 ? graph[graph.outputs[0]].name : "all outputs");
  if (view.probable) {
    text += fmt::format("output error <= {} (probabilistic; for all outputs together with probability >= 1 - {}, random bits assumed ideal)\n",
                        short_up(view.probable->max_error), view.probable->failure);
  }
  if (!view.contributions->empty()) {
    const Contribution& most = view.contributions->front();
    text += fmt::format("largest contribution: {} of {}, {}\n", to_string(most.role), graph[most.node].name, short_up(most.amount, 3));
  }
  if (view.overflows->empty()) text += "no overflow (proved)\n";
  if (view.data) text += samples_text(*view.data, *view.samples);
  return text;
}

}  // namespace halfulp::cli
