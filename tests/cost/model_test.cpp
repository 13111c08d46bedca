// Operations of nodes, and what targets make of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cost/nets.hpp"
#include "halfulp/cost/cost.hpp"

namespace halfulp {
namespace {

using testing::GraphBuilder;

// x (1,3) -> dense 3 to 2 with bias -> relu -> dense 2 to 1.
struct TwoLayers {
  Graph graph;
  LoweredGraph lowered;
  FormatAssignment formats;
  NodeId x, first, relu, second;

  TwoLayers() {
    GraphBuilder builder;
    x = builder.input("x", {1, 3});
    first = builder.dense("first", x, 2, {1, 2, 3, 4, 5, 6}, {7, 8});
    relu = builder.node("relu", "relu", {first}, {1, 2});
    second = builder.dense("second", relu, 1, {1, -1}, {});
    graph = builder.finish(second);
    lowered = *lower(graph);
    formats.resize(graph.nodes.size());
    of(x).input = make_fixed(9, 3);
    set(first, make_fixed(6, 4), make_fixed(12, 5), make_fixed(10, 6));
    set(second, make_fixed(4, 2), {}, make_fixed(8, 6));
  }
  void set(NodeId id, const Format& weight, const std::optional<Format>& bias, const Format& output) {
    of(id).weight = weight;
    of(id).bias = bias;
    of(id).output = output;
  }
  NodeFormats& of(NodeId id) { return formats[static_cast<std::size_t>(id)]; }
  std::vector<OperationUse> uses(NodeId id, Operation wanted, const Target& target = {}, const AccumulatorBits& bits = {}) const {
    std::vector<OperationUse> found;
    for (const OperationUse& use : CostModel(target, lowered, bits).operations(formats, id)) {
      if (use.operation == wanted) found.push_back(use);
    }
    return found;
  }
};

TEST(CostModel, BitOperationsAreWeightBitsTimesActivationBits) {
  const TwoLayers net;
  const auto target = read_target("bitops");
  ASSERT_TRUE(target);
  // The relu rounds nothing: the second layer sees the 10 bits of the first.
  const double expected = 6 * (6 * 9) + 2 * (4 * 10);
  const Cost cost = cost_on(*target, net.lowered, net.formats);
  EXPECT_EQ(cost.total, expected);
  EXPECT_EQ(cost.named().at("bit_operations"), expected);
}

TEST(CostModel, FloatsCountTheirStorageWidthInBitOperations) {
  TwoLayers net;
  net.of(net.first).weight = make_float(4, 3);
  net.of(net.x).input = make_float(5, 10);
  const auto target = read_target("bitops");
  ASSERT_TRUE(target);
  EXPECT_EQ(cost_on(*target, net.lowered, net.formats).total, 6 * (8 * 16) + 2 * (4 * 10));
}

TEST(CostModel, ExactAccumulatorIsWideEnoughForItsSum) {
  const TwoLayers net;
  const auto adds = net.uses(net.first, Operation::kFixedAdd);
  ASSERT_EQ(adds.size(), 1U);
  EXPECT_EQ(adds[0].count, 6);
  // Product: 15 bits, 8 fraction bits, hence 7 integer bits; the bias has 7 fraction and 5 integer bits; 4 terms.
  EXPECT_EQ(adds[0].operands.bits, 15 + 2);
  const auto rounds = net.uses(net.first, Operation::kFixedRound);
  ASSERT_EQ(rounds.size(), 1U);
  EXPECT_EQ(rounds[0].count, 2);
  EXPECT_EQ(rounds[0].operands.in_bits, 17);
  EXPECT_EQ(rounds[0].operands.out_bits, 10);
}

TEST(CostModel, KnownAccumulatorWidthIsUsed) {
  const TwoLayers net;
  AccumulatorBits bits(net.graph.nodes.size());
  bits[static_cast<std::size_t>(net.first)] = 13;
  EXPECT_EQ(net.uses(net.first, Operation::kFixedAdd, {}, bits).at(0).operands.bits, 13);
  EXPECT_EQ(net.uses(net.second, Operation::kFixedAdd, {}, bits).at(0).operands.bits, 10 + 4 + 1);
}

TEST(CostModel, RoundedAccumulatorRoundsEveryAddition) {
  TwoLayers net;
  net.of(net.first).accumulator = make_fixed(11, 6);
  const auto rounds = net.uses(net.first, Operation::kFixedRound);
  ASSERT_EQ(rounds.size(), 2U);  // of the sums, and of the output
  EXPECT_EQ(rounds[0].count, 6);
  EXPECT_EQ(rounds[0].operands.out_bits, 11);
  EXPECT_EQ(rounds[1].count, 2);
  EXPECT_EQ(rounds[1].operands.out_bits, 10);
}

TEST(CostModel, FloatProductsMeetAFixedExactAccumulator) {
  TwoLayers net;
  net.of(net.first).weight = make_float(4, 3);
  net.of(net.x).input = make_float(4, 3);
  const auto products = net.uses(net.first, Operation::kFloatProduct);
  ASSERT_EQ(products.size(), 1U);
  EXPECT_EQ(products[0].operands.left_precision, 4);
  EXPECT_EQ(products[0].operands.right_precision, 4);
  const auto shifts = net.uses(net.first, Operation::kFloatToFixed);
  ASSERT_EQ(shifts.size(), 1U);
  // float<4,3> runs from 2^-9 to below 2^8, signed: 18 bits; products 36; 4 terms.
  EXPECT_EQ(shifts[0].operands.out_bits, 38);
}

TEST(CostModel, FloatAccumulatorAddsInFloat) {
  TwoLayers net;
  net.of(net.second).weight = make_float(4, 3);
  net.of(net.first).output = make_float(5, 2);
  net.of(net.second).accumulator = make_float(5, 10);
  const auto adds = net.uses(net.second, Operation::kFloatAdd);
  ASSERT_EQ(adds.size(), 1U);
  EXPECT_EQ(adds[0].operands.precision, 11);
  EXPECT_EQ(adds[0].count, 2);
}

TEST(CostModel, ProductFormatRoundsEveryProduct) {
  TwoLayers net;
  net.of(net.first).product = make_fixed(9, 5);
  const auto rounds = net.uses(net.first, Operation::kFixedRound);
  ASSERT_EQ(rounds.size(), 2U);
  EXPECT_EQ(rounds[0].count, 6);
  EXPECT_EQ(rounds[0].operands.in_bits, 15);
  EXPECT_EQ(rounds[0].operands.out_bits, 9);
  net.of(net.second).weight = make_float(4, 3);
  net.of(net.first).output = make_float(5, 2);
  net.of(net.second).product = make_float(5, 4);
  const auto products = net.uses(net.second, Operation::kFloatMultiply);
  ASSERT_EQ(products.size(), 1U);
  EXPECT_EQ(products[0].operands.precision, 5);
  EXPECT_TRUE(net.uses(net.second, Operation::kFloatProduct).empty());
}

TEST(CostModel, EnergyByHand) {
  TwoLayers net;
  net.of(net.x).input = make_fixed(8, 3);
  net.set(net.first, make_fixed(8, 4), make_fixed(8, 4), make_fixed(8, 4));
  const auto target = read_target("energy-45nm");
  ASSERT_TRUE(target);
  const double add_exponent = std::log(0.1 / 0.03) / std::log(4.0), per_bit = 10.0 / 64;
  const auto add = [&](double bits) { return 0.03 * std::pow(bits / 8, add_exponent); };
  const double memory = per_bit * (8 * 8 + 3 * 8 + 2 * 8);  // 8 parameters, 3 inputs, 2 outputs
  const double expected = 6 * 0.2 + 6 * add(18) + 2 * add(18) + memory;
  EXPECT_NEAR(CostModel(*target, net.lowered).node(net.formats, net.first), expected, 1e-9);
}

TEST(CostModel, SharesAddUpToTheTotal) {
  const auto names = target_names();
  ASSERT_TRUE(names);
  for (const std::string& name : *names) {
    TwoLayers net;
    const auto target = read_target(name);
    ASSERT_TRUE(target);
    const CostModel model(*target, net.lowered);
    double sum = 0;
    for (std::size_t i = 0; i < net.graph.nodes.size(); ++i) sum += model.node(net.formats, static_cast<NodeId>(i));
    EXPECT_NEAR(sum, model.total(net.formats).total, 1e-9 * sum) << name;
    EXPECT_EQ(node_cost(*target, net.lowered, net.formats, net.second), model.node(net.formats, net.second)) << name;
  }
}

// What affected_by does not name stays as it is.
TEST(CostModel, OnlyAffectedNodesChange) {
  const auto target = read_target("energy-45nm");
  ASSERT_TRUE(target);
  TwoLayers net;
  const CostModel model(*target, net.lowered);
  EXPECT_EQ(model.affected_by(net.formats, net.first), (std::vector<NodeId>{net.first, net.relu, net.second}));
  EXPECT_EQ(model.affected_by(net.formats, net.second), (std::vector<NodeId>{net.second}));
  const FormatAssignment before = net.formats;
  net.of(net.x).input = make_fixed(14, 3);
  const auto affected = model.affected_by(net.formats, net.x);
  for (std::size_t i = 0; i < net.graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (std::find(affected.begin(), affected.end(), id) != affected.end()) continue;
    EXPECT_EQ(model.node(before, id), model.node(net.formats, id)) << net.graph.nodes[i].name;
  }
  EXPECT_GT(model.node(net.formats, net.first), model.node(before, net.first));
}

TEST(CostModel, UnitANodeCountsHardwareOnce) {
  const TwoLayers net;
  auto target = *read_target("bitops");
  target.counting = Counting::kUnitANode;
  EXPECT_EQ(cost_on(target, net.lowered, net.formats).total, 6 * 9 + 4 * 10);
}

// A wider word anywhere never costs less.
TEST(CostModel, MoreBitsNeverCostLess) {
  const auto names = target_names();
  ASSERT_TRUE(names);
  for (const std::string& name : *names) {
    const auto target = read_target(name);
    ASSERT_TRUE(target);
    double previous = 0;
    for (int width = 3; width <= 24; ++width) {
      TwoLayers net;
      net.of(net.first).weight = make_fixed(width, 3);
      const double total = cost_on(*target, net.lowered, net.formats).total;
      EXPECT_GE(total, previous) << name << " at " << width;
      previous = total;
    }
  }
}

TEST(CostModel, PaddingIsNotMultiplied) {
  GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 1, 3});
  const NodeId w = builder.constant("w", {1, 1, 3}, {1, 2, 3});
  const NodeId y = builder.node("conv", "conv", {x, w}, {1, 1, 3},
                                {{"stride", std::vector<std::int64_t>{1}}, {"padding", std::vector<std::int64_t>{1}},
                                 {"dilation", std::vector<std::int64_t>{1}}, {"groups", std::int64_t{1}}});
  const Graph graph = builder.finish(y);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered) << lowered.error().message;
  FormatAssignment formats(graph.nodes.size());
  formats[static_cast<std::size_t>(x)].input = make_fixed(8, 4);
  formats[static_cast<std::size_t>(y)].weight = make_fixed(8, 4);
  EXPECT_EQ(cost_on(*read_target("bitops"), *lowered, formats).total, 7 * 64);
}

}  // namespace
}  // namespace halfulp
