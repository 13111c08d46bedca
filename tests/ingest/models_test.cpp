#include <gtest/gtest.h>

#include "halfulp/ingest/ingest.hpp"
#include "ingest/manifest.hpp"

namespace halfulp {
namespace {

std::string model(const std::string& name) { return test::environment("HALFULP_INGEST_MODELS") + "/" + name + ".pt"; }

std::string operators_of(const Graph& graph) {
  std::string text;
  for (const Node& node : graph.nodes) {
    if (node.op != "constant") text += (text.empty() ? "" : " ") + node.op;
  }
  return text;
}

TEST(Models, LowerToTheExpectedOperatorsAndShapes) {
  const auto rows = test::rows_of("accepted.txt");
  ASSERT_GT(rows.size(), 40u);
  for (const auto& row : rows) {
    SCOPED_TRACE(row[0]);
    const auto graph = ingest({.path = model(row[0]), .input_shapes = test::shapes_of(row[1])});
    if (!graph) {
      ADD_FAILURE() << graph.error().code << ": " << graph.error().message << " at " << graph.error().place;
      continue;
    }
    if (row[2] != "*") {
      EXPECT_EQ(operators_of(*graph), row[2]);
    }
    const auto outputs = test::shapes_of(row[3]);
    ASSERT_EQ(graph->outputs.size(), outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) EXPECT_EQ((*graph)[graph->outputs[i]].shape, outputs[i]) << i;
    EXPECT_EQ(graph->model_sha256.size(), 64u);
    for (const Node& node : graph->nodes) {
      if (node.op != "input" && node.op != "constant") {
        EXPECT_NE(node.source, "") << node.name;
      }
    }
  }
}

TEST(Models, BadOnesAreRefusedWithTheirCode) {
  const auto rows = test::rows_of("refused.txt");
  ASSERT_GT(rows.size(), 35u);
  for (const auto& row : rows) {
    SCOPED_TRACE(row[0] + " " + row[1]);
    const auto graph = ingest({.path = model(row[0]), .input_shapes = test::shapes_of(row[1])});
    if (graph) {
      ADD_FAILURE() << "was accepted";
      continue;
    }
    const Diagnostic& error = graph.error();
    EXPECT_EQ(error.code, row[2]) << error.message;
    EXPECT_EQ(static_cast<int>(error.exit_code), std::stoi(row[3]));
    std::string said = error.message + " " + error.place;
    for (const std::string& help : error.helps) said += " " + help;
    EXPECT_NE(said.find(row[4]), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  }
}

TEST(Models, NamesFollowTheModules) {
  const auto graph = ingest({.path = model("module_list_script"), .input_shapes = {{1, 3}}});
  ASSERT_TRUE(graph) << graph.error().message;
  for (const char* name : {"x", "parts.0", "parts.0.weight", "parts.0.bias", "parts.1", "tanh", "tanh_2"}) {
    EXPECT_TRUE(find_node(*graph, name)) << name;
  }
}

TEST(Models, TheChildIsLimited) {
  const IngestOptions small{.path = model("linear_script"), .input_shapes = {{1, 4}}, .memory_limit_mb = 64};
  const auto graph = ingest(small);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().exit_code, ExitCode::kUsage) << graph.error().message;
}

TEST(Models, ShapesOnlyDropsTheValues) {
  const auto graph = ingest({.path = model("linear_script"), .input_shapes = {{1, 4}}, .infer_shapes_only = true});
  ASSERT_TRUE(graph) << graph.error().message;
  for (const Node& node : graph->nodes) {
    for (const double value : node.constant) EXPECT_EQ(value, 0);
  }
}

}  // namespace
}  // namespace halfulp
