#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "graph/graphs.hpp"

namespace halfulp {
namespace {

TEST(Validate, AcceptsASoundGraph) { EXPECT_TRUE(validate(test::dense_graph())); }

TEST(Validate, RefusesEachBrokenInvariant) {
  struct Case {
    const char* name;
    std::function<void(Graph&)> damage;
    std::string code;
  };
  const Case cases[] = {
      {"operand after the node", [](Graph& g) { g[2].inputs = {3, 1}; }, "E0413"},
      {"operand that is the node", [](Graph& g) { g[2].inputs = {2, 1}; }, "E0413"},
      {"negative operand", [](Graph& g) { g[2].inputs = {-1, 1}; }, "E0413"},
      {"name twice", [](Graph& g) { g[3].name = "fc"; }, "E0413"},
      {"no name", [](Graph& g) { g[3].name = ""; }, "E0413"},
      {"no operator", [](Graph& g) { g[3].op = ""; }, "E0413"},
      {"too few constant values", [](Graph& g) { g[1].constant.pop_back(); }, "E0413"},
      {"values of a non-constant", [](Graph& g) { g[2].constant = {1, 2, 3}; }, "E0413"},
      {"negative extent", [](Graph& g) { g[2].shape = {-1, -3}; }, "E0413"},
      {"overflowing shape", [](Graph& g) { g[2].shape = {std::int64_t{1} << 40, std::int64_t{1} << 40}; }, "E0413"},
      {"no output", [](Graph& g) { g.outputs.clear(); }, "E0413"},
      {"output outside", [](Graph& g) { g.outputs = {4}; }, "E0413"},
      {"input outside", [](Graph& g) { g.inputs = {-1}; }, "E0413"},
      {"input that is none", [](Graph& g) { g.inputs = {0, 2}; }, "E0413"},
      {"input twice", [](Graph& g) { g.inputs = {0, 0}; }, "E0413"},
      {"unlisted input", [](Graph& g) { g.inputs = {}; }, "E0413"},
      {"NaN", [](Graph& g) { g[1].constant[2] = std::nan(""); }, "E0414"},
      {"infinity", [](Graph& g) { g[1].constant[2] = -std::numeric_limits<double>::infinity(); }, "E0414"},
  };
  for (const Case& one : cases) {
    Graph graph = test::dense_graph();
    one.damage(graph);
    const auto checked = validate(graph);
    ASSERT_FALSE(checked) << one.name;
    EXPECT_EQ(checked.error().code, one.code) << one.name;
  }
}

TEST(FindNode, FindsOrSuggests) {
  const Graph graph = test::dense_graph();
  EXPECT_EQ(*find_node(graph, "fc"), 2);
  const auto missing = find_node(graph, "fc.wieght");
  ASSERT_FALSE(missing);
  ASSERT_FALSE(missing.error().helps.empty());
  EXPECT_NE(missing.error().helps[0].find("fc.weight"), std::string::npos);
}

TEST(Attributes, AreReadByType) {
  const Graph graph = test::dense_graph();
  EXPECT_EQ(int_attribute(graph[0], "index"), 0);
  EXPECT_EQ(int_attribute(graph[0], "missing", 5), 5);
  EXPECT_EQ(real_attribute(graph[3], "min"), -1.0);
  EXPECT_EQ(real_attribute(graph[3], "missing", 2.5), 2.5);
  EXPECT_TRUE(bool_attribute(graph[3], "flag", false));
  EXPECT_EQ(ints_attribute(graph[3], "ints"), (std::vector<std::int64_t>{1, -2}));
  EXPECT_EQ(text_attribute(graph[3], "text", ""), "a\nb");
  EXPECT_DEATH(int_attribute(graph[3], "min"), "");
  EXPECT_DEATH(int_attribute(graph[3], "missing"), "");
}

}  // namespace
}  // namespace halfulp
