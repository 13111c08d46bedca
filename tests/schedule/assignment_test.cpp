#include <gtest/gtest.h>

#include "schedule/example.hpp"

namespace halfulp {
namespace {

using testing_support::full_schedule;
using testing_support::small_graph;

TEST(UniformAssignment, GivesEveryRoleButProductAndAccumulator) {
  const Format format = make_fixed(8, 2);
  const auto formats = uniform_assignment(small_graph(), format);
  ASSERT_EQ(formats.size(), 5u);
  EXPECT_EQ(formats[0].input, format);
  EXPECT_FALSE(formats[0].output.has_value());
  EXPECT_FALSE(formats[1].output.has_value());
  EXPECT_EQ(formats[3].weight, format);
  EXPECT_EQ(formats[3].bias, format);
  EXPECT_EQ(formats[3].output, format);
  EXPECT_FALSE(formats[3].input.has_value());
  EXPECT_FALSE(formats[3].product.has_value());
  EXPECT_FALSE(formats[3].accumulator.has_value());
  EXPECT_EQ(formats[4].output, format);
}

TEST(Assignment, LayersFirstThenDefaults) {
  const Schedule schedule = full_schedule();
  const auto formats = assignment(small_graph(), schedule);
  ASSERT_TRUE(formats.has_value()) << formats.error().message;
  EXPECT_EQ((*formats)[0].input->name, "e4m3");
  EXPECT_FALSE((*formats)[2].output.has_value());
  EXPECT_EQ((*formats)[3].weight->name, "fixed<8,2>");
  EXPECT_EQ((*formats)[4].output->name, "fixed<16,6>");
}

TEST(Assignment, LayersOfIsItsInverse) {
  const Graph graph = small_graph();
  const auto formats = uniform_assignment(graph, make_fixed(8, 2));
  Schedule schedule;
  schedule.layers = layers_of(graph, formats);
  ASSERT_EQ(schedule.layers.size(), 3u);
  EXPECT_EQ(schedule.layers[0].name, "x");
  const auto again = assignment(graph, schedule);
  ASSERT_TRUE(again.has_value());
  Schedule copy;
  copy.layers = layers_of(graph, *again);
  EXPECT_TRUE(diff(schedule, copy).empty());
}

TEST(Assignment, UnknownLayerNamesTheNearest) {
  Schedule schedule = full_schedule();
  schedule.layers[1].name = "fcc";
  const auto refused = assignment(small_graph(), schedule);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "E0305");
  ASSERT_FALSE(refused.error().helps.empty());
  EXPECT_NE(refused.error().helps[0].find("fc"), std::string::npos);
}

TEST(Assignment, RefusesRolesThatTheNodeDoesNotHave) {
  Schedule schedule;
  schedule.layers.push_back({.name = "relu", .formats = {}});
  schedule.layers[0].formats.input = make_fixed(8, 2);
  EXPECT_EQ(assignment(small_graph(), schedule).error().code, "E0306");
  schedule.layers[0].name = "x";
  schedule.layers[0].formats.output = make_fixed(8, 2);
  EXPECT_EQ(assignment(small_graph(), schedule).error().code, "E0306");
  schedule.layers[0].name = "fc.weight";
  EXPECT_EQ(assignment(small_graph(), schedule).error().code, "E0306");
}

}  // namespace
}  // namespace halfulp
