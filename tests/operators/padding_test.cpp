// Where each element of a padded tensor comes from, against the rows that torch documents.
#include <gtest/gtest.h>

#include "halfulp/operators/form.hpp"
#include "support/graph_builder.hpp"

namespace halfulp {
namespace {

using Integers = std::vector<std::int64_t>;
using Sources = std::vector<std::int32_t>;

Sources sources_of(const Shape& from, const Integers& padding, const Shape& to, const std::string& mode) {
  test::GraphBuilder builder;
  const NodeId x = builder.input(from);
  std::map<std::string, Attribute> attributes = {{"padding", padding}};
  if (mode != "constant") attributes["mode"] = mode;
  const NodeId padded = builder.add("pad", {x}, to, std::move(attributes));
  builder.graph.outputs = {padded};
  const auto lowered = lower(builder.graph);
  EXPECT_TRUE(lowered) << lowered.error().message;
  return std::get<GatherForm>((*lowered)[padded].form).source;
}

TEST(Padding, OfOneAxis) {
  EXPECT_EQ(sources_of({1, 4}, {3, 2}, {1, 9}, "constant"), (Sources{-1, -1, -1, 0, 1, 2, 3, -1, -1}));
  EXPECT_EQ(sources_of({1, 4}, {3, 2}, {1, 9}, "reflect"), (Sources{3, 2, 1, 0, 1, 2, 3, 2, 1}));
  EXPECT_EQ(sources_of({1, 4}, {3, 2}, {1, 9}, "replicate"), (Sources{0, 0, 0, 0, 1, 2, 3, 3, 3}));
  EXPECT_EQ(sources_of({1, 4}, {3, 2}, {1, 9}, "circular"), (Sources{1, 2, 3, 0, 1, 2, 3, 0, 1}));
}

TEST(Padding, PairsCountFromTheLastAxis) {
  EXPECT_EQ(sources_of({2, 2}, {1, 0, 0, 1}, {3, 3}, "constant"), (Sources{-1, 0, 1, -1, 2, 3, -1, -1, -1}));
  EXPECT_EQ(sources_of({2, 2}, {1, 0, 0, 1}, {3, 3}, "reflect"), (Sources{1, 0, 1, 3, 2, 3, 1, 0, 1}));
}

}  // namespace
}  // namespace halfulp
