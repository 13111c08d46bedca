#include <fmt/format.h>

#include <set>

#include "cmd.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/report/table.hpp"
#include "model.hpp"
#include "option_sets.hpp"

namespace halfulp::cli {
namespace {

// Elements of the constants that nodes use, each constant counted at its first user.
std::vector<std::int64_t> parameter_counts(const Graph& graph) {
  std::vector<std::int64_t> counts(graph.nodes.size(), 0);
  std::set<NodeId> seen;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const NodeId operand : graph.nodes[i].inputs) {
      if (graph[operand].op == "constant" && seen.insert(operand).second) counts[i] += element_count(graph[operand].shape);
    }
  }
  return counts;
}

Json names_json(const Graph& graph, const std::vector<NodeId>& nodes) {
  Json json = Json::array();
  for (const NodeId id : nodes) json.push(Json::object().set("name", graph[id].name).set("shape", Json::array_of(graph[id].shape)));
  return json;
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  auto model = load_model(context, arguments.operands()[0], arguments.all("input-shape"));
  if (!model) return fail(model.error());
  const Graph& graph = *model->graph;
  const auto counts = parameter_counts(graph);
  std::int64_t total = 0, layers = 0;
  Table table;
  table.column("layer").column("operator").column("output").column("parameters", Align::kRight).column("source");
  Json rows = Json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.op == "constant") continue;
    total += counts[i];
    layers += node.op != "input";
    table.row({node.name, node.op, to_string(node.shape), with_commas(counts[i]), node.source});
    rows.push(Json::object().set("name", node.name).set("op", node.op).set("shape", Json::array_of(node.shape))
                  .set("parameters", counts[i]).set("source", node.source));
  }
  if (context.json) {
    Json provenance = context.provenance();
    provenance.set("model", Json::object().set("file", model->path).set("sha256", graph.model_sha256));
    context.print_json(Json::object().set("schema", "halfulp.inspect/1").set("provenance", provenance).set("parameters", total)
                      .set("layers", rows).set("inputs", names_json(graph, graph.inputs)).set("outputs", names_json(graph, graph.outputs))
                      .set("rewrites", Json::array_of(graph.rewrites)));
    return ExitCode::kDone;
  }
  context.print(fmt::format("{}  sha256 {}  {} layers  {} parameters\n", model->path, graph.model_sha256.substr(0, 12), layers, with_commas(total)));
  context.print(table.render());
  for (const auto& rewrite : graph.rewrites) context.print("rewrite: " + rewrite + "\n");
  context.print("All operators have rules.\n");
  return ExitCode::kDone;
}

}  // namespace

Command inspect_command() {
  return {.name = "inspect",
          .summary = "layers, shapes, parameters and operators of a model",
          .description = "Reads the model without running it. An operator without a rule is an error with exit code 3 that names it and its source line.",
          .operands = {model_operand()},
          .options = shape_options(),
          .examples = {{"halfulp inspect net.pt --input-shape 1,64", "what the tool sees in a model"},
                       {"halfulp inspect net.pt --input-shape 1,3,32,32 --format json", "the same for scripts"}},
          .run = run};
}

}  // namespace halfulp::cli
