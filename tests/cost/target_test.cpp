#include <gtest/gtest.h>

#include "cost/nets.hpp"
#include "halfulp/cost/cost.hpp"

namespace halfulp {
namespace {

TEST(Target, EveryListedTargetReads) {
  const auto names = target_names();
  ASSERT_TRUE(names);
  ASSERT_FALSE(names->empty());
  for (const std::string& name : *names) {
    const auto target = read_target(name);
    ASSERT_TRUE(target) << name << ": " << target.error().message;
    EXPECT_EQ(target->name, name);
    EXPECT_FALSE(target->summary.empty());
    EXPECT_GT(target->per_weight_bit + target->per_activation_bit, 0);
  }
}

TEST(Target, BitsCountsParametersOnly) {
  const auto target = read_target("bits");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->per_weight_bit, 1);
  EXPECT_EQ(target->per_activation_bit, 0);
}

TEST(Target, UnknownNameGetsTheNearest) {
  const auto target = read_target("bist");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().code, "E0711");
  ASSERT_FALSE(target.error().helps.empty());
  EXPECT_NE(target.error().helps[0].find("bits"), std::string::npos);
}

TEST(Target, NameIsNoPath) { EXPECT_FALSE(read_target("../targets/bits")); }

TEST(Target, TotalWeighsBothKindsOfBits) {
  testing::GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 2});
  const NodeId y = builder.dense("fc", x, 3, {1, 2, 3, 4, 5, 6}, {});
  const Graph graph = builder.finish(y);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  FormatAssignment formats(graph.nodes.size());
  formats[static_cast<std::size_t>(y)].weight = make_fixed(8, 4);
  formats[static_cast<std::size_t>(y)].output = make_fixed(10, 6);
  const Target target{.name = "both", .summary = "", .per_weight_bit = 2, .per_activation_bit = 0.5};
  EXPECT_EQ(cost_on(target, *lowered, formats).total, 2 * 48 + 0.5 * 30);
}

}  // namespace
}  // namespace halfulp
