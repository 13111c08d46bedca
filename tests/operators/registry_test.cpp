// What ingest promises to read has a rule, or says what it becomes instead.
#include <gtest/gtest.h>

#include <set>

#include "halfulp/ingest/operators.hpp"
#include "halfulp/operators/form.hpp"

namespace halfulp {
namespace {

TEST(Registry, EveryReadableOperatorHasARule) {
  std::set<std::string> rules;
  for (const OperatorEntry& entry : operator_entries()) {
    EXPECT_TRUE(rules.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.summary.empty()) << entry.name;
  }
  for (const SupportedOperator& row : supported_operators()) {
    const bool becomes_others = row.name.empty() || row.name == "lstm";
    if (!becomes_others) {
      EXPECT_TRUE(rules.contains(row.name)) << row.name;
    }
    if (becomes_others) {
      EXPECT_FALSE(row.limits.empty()) << row.spellings.front();
    }
  }
}

TEST(Registry, AnUnknownOperatorNamesTheNearest) {
  Graph graph;
  graph.nodes.push_back({.name = "x", .op = "input", .inputs = {}, .attributes = {}, .shape = {2}, .source = {}, .constant = {}});
  graph.nodes.push_back({.name = "y", .op = "sigmod", .inputs = {0}, .attributes = {}, .shape = {2}, .source = {}, .constant = {}});
  graph.inputs = {0};
  graph.outputs = {1};
  const auto lowered = lower(graph);
  ASSERT_FALSE(lowered);
  EXPECT_EQ(lowered.error().code, "E0401");
  EXPECT_EQ(lowered.error().exit_code, ExitCode::kUnsupportedOperator);
  ASSERT_FALSE(lowered.error().helps.empty());
  EXPECT_NE(lowered.error().helps.front().find("sigmoid"), std::string::npos);
}

}  // namespace
}  // namespace halfulp
