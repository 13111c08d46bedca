// The result of an analysis as JSON (schema halfulp.analysis/1, docs/design.md, "The command") and as text.
#pragma once

#include "context.hpp"
#include "halfulp/analysis/analysis.hpp"
#include "halfulp/analysis/probable.hpp"
#include "input_set.hpp"
#include "model.hpp"
#include "precision.hpp"

namespace halfulp::cli {

// Box and data-set analyses in one view.
struct AnalysisView {
  const Model* model = nullptr;
  const std::optional<FormatAssignment>* formats = nullptr;
  const std::vector<NodeBounds>* nodes = nullptr;
  const std::vector<Contribution>* contributions = nullptr;
  const std::vector<OverflowPlace>* overflows = nullptr;
  double max_error = 0;
  double seconds = 0;
  std::size_t output = 0;              // which graph output `output` shows
  const DataAnalysis* data = nullptr;  // data-set mode
  const ProbableAnalysis* probable = nullptr;  // with --probability
  const DataSet* samples = nullptr;
};

// What a table row and a JSON layer say of one node.
struct LayerFacts {
  Interval real, deployed;      // hulls over the elements
  double absolute = 0;          // max |deployed - real|
  std::optional<double> relative, ulp;  // absent where unbounded or undefined
  double share = 0;             // of the bound of the worst output
  bool overflow = false;
};
LayerFacts layer_facts(const AnalysisView& view, NodeId node);

// "fc1 output may need [-41.7, 38.2], fixed<16,6> holds [-32, 31.99]"
std::string overflow_sentence(const Graph& graph, const OverflowPlace& place);

Json analysis_json(const AnalysisView& view, Json provenance);
std::string analysis_text(const AnalysisView& view);

// context.provenance() with model, rules and input set.
Json model_provenance(const Context& context, const Model& model, const InputSet& set);

}  // namespace halfulp::cli
