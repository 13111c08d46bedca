#include <gtest/gtest.h>

#include "cost/nets.hpp"
#include "halfulp/cost/cost.hpp"

namespace halfulp {
namespace {

using testing::GraphBuilder;

TEST(StorageCost, CountsWeightsAndBiasesOfADenseLayer) {
  GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 3});
  const NodeId y = builder.dense("fc", x, 2, {1, 2, 3, 4, 5, 6}, {7, 8});
  const Graph graph = builder.finish(builder.node("relu", "relu", {y}, {1, 2}));
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered) << lowered.error().message;
  FormatAssignment formats(graph.nodes.size());
  NodeFormats& dense = formats[static_cast<std::size_t>(y)];
  dense.weight = make_fixed(8, 4);
  dense.bias = make_fixed(12, 5);
  dense.output = make_fixed(10, 6);
  const Cost cost = storage_cost(*lowered, formats);
  EXPECT_EQ(cost.weight_bits, 6 * 8 + 2 * 12);
  EXPECT_EQ(cost.mean_weight_bits, 72.0 / 8);
  EXPECT_EQ(cost.activation_bits, 20);
  EXPECT_EQ(cost.total, cost.weight_bits);
  EXPECT_EQ(cost.named().at("activation_bits"), 20);
}

TEST(StorageCost, ParameterWithoutFormatIsADouble) {
  GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 2});
  const Graph graph = builder.finish(builder.dense("fc", x, 1, {1, 2}, {}));
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  const Cost cost = storage_cost(*lowered, FormatAssignment(graph.nodes.size()));
  EXPECT_EQ(cost.weight_bits, 128);
  EXPECT_EQ(cost.mean_weight_bits, 64);
  EXPECT_EQ(cost.activation_bits, 0);
}

TEST(StorageCost, SlopeIsAWeightAndSumIsStructural) {
  GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 4});
  const NodeId leaky = builder.node("leaky", "leaky_relu", {x}, {1, 4}, {{"slope", 0.1}});
  const NodeId c = builder.constant("c", {1, 4}, {1, 2, 3, 4});
  const NodeId shifted = builder.node("shift", "add", {leaky, c}, {1, 4});
  const Graph graph = builder.finish(shifted);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered) << lowered.error().message;
  EXPECT_EQ(parameters_of(*lowered, leaky).weights, 1);
  EXPECT_EQ(parameters_of(*lowered, leaky).biases, 0);
  EXPECT_EQ(parameters_of(*lowered, shifted).weights, 0);
  EXPECT_EQ(parameters_of(*lowered, shifted).biases, 4);
  EXPECT_EQ(parameters_of(*lowered, x).weights + parameters_of(*lowered, c).weights, 0);
}

TEST(StorageCost, PreluStoresOneSlopeAChannel) {
  GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 2, 3});
  const NodeId slopes = builder.constant("slopes", {2}, {0.25, 0.5});
  const NodeId y = builder.node("prelu", "prelu", {x, slopes}, {1, 2, 3});
  const Graph graph = builder.finish(y);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered) << lowered.error().message;
  EXPECT_EQ(parameters_of(*lowered, y).weights, 2);
  EXPECT_EQ(parameter_values(*lowered, y).weights, (std::vector<double>{0.25, 0.5}));
}

TEST(StorageCost, ConstantOfADivisionIsAWeight) {
  GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 2});
  const NodeId c = builder.constant("c", {1, 2}, {3, 7});
  const NodeId y = builder.node("quotient", "div", {x, c}, {1, 2});
  const Graph graph = builder.finish(y);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered) << lowered.error().message;
  EXPECT_EQ(parameters_of(*lowered, y).weights, 2);
  EXPECT_EQ(parameters_of(*lowered, y).biases, 0);
}

}  // namespace
}  // namespace halfulp
