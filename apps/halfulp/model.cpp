#include "model.hpp"

#include <fmt/format.h>

#include "halfulp/ingest/ingest.hpp"
#include "halfulp/support/text.hpp"
#include "values.hpp"

namespace halfulp::cli {

Result<Model> load_model(const Context& context, const std::string& path, const std::vector<std::string>& shapes) {
  IngestOptions options{.path = path};
  for (const auto& text : shapes) {
    auto shape = parse_shape("--input-shape", text);
    if (!shape) return fail(shape.error());
    options.input_shapes.push_back(*std::move(shape));
  }
  auto graph = ingest(options);
  if (!graph) return fail(graph.error());
  Model model{.path = path, .graph = std::make_unique<Graph>(*std::move(graph)), .lowered = {}};
  auto lowered = lower(*model.graph);
  if (!lowered) return fail(lowered.error());
  model.lowered = *std::move(lowered);
  model.lowered.graph = model.graph.get();
  if (context.verbosity > 0) {
    for (const auto& rewrite : model.graph->rewrites) context.say("note: " + rewrite);
  }
  return model;
}

Result<std::size_t> chosen_output(const Graph& graph, const Arguments& arguments) {
  const auto name = arguments.given("output");
  if (!name) return std::size_t{0};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    names.push_back(graph[graph.outputs[i]].name);
    if (names.back() == *name) return i;
  }
  auto helps = nearest_help(*name, names);
  helps.push_back(fmt::format("outputs: {}", fmt::join(names, ", ")));
  return fail("E0105", fmt::format("the model has no output '{}'", *name), "", helps);
}

}  // namespace halfulp::cli
