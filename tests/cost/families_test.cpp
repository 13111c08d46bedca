// Formats other than fixed and float, as the hardware of docs/targets.md sees them. The records are written out: what matters here
// is what the cost model reads of them.
#include <gtest/gtest.h>

#include <memory>

#include "cost/nets.hpp"
#include "halfulp/cost/cost.hpp"

namespace halfulp {
namespace {

Format record(FormatFamily family, int width_bits) {
  Format format;
  format.name = "of a test";
  format.family = family;
  format.width_bits = width_bits;
  return format;
}

// y = W x, 4 inputs, 3 outputs, all roles in one format and the accumulator exact.
class OneLayer {
 public:
  explicit OneLayer(const Format& format) {
    testing::GraphBuilder builder;
    const NodeId x = builder.input("x", {1, 4});
    layer_ = builder.dense("layer", x, 3, std::vector<double>(12, 0.5), {});
    graph_ = builder.finish(layer_);
    lowered_ = *lower(graph_);
    formats_ = uniform_assignment(graph_, format);
  }
  double count(Operation operation) const {
    double total = 0;
    for (const OperationUse& use : uses()) total += use.operation == operation ? use.count : 0;
    return total;
  }
  std::vector<OperationUse> uses() const { return CostModel(target_, lowered_).operations(formats_, layer_); }
  Cost cost() const { return storage_cost(lowered_, formats_); }

 private:
  Target target_;
  Graph graph_;
  LoweredGraph lowered_;
  FormatAssignment formats_;
  NodeId layer_ = 0;
};

TEST(Families, IntegersAreFixedWords) {
  const OneLayer layer(record(FormatFamily::kInteger, 8));
  EXPECT_EQ(layer.count(Operation::kFixedMultiply), 12);
  EXPECT_EQ(layer.count(Operation::kFloatProduct), 0);
  EXPECT_EQ(layer.count(Operation::kFixedRound), 3);
}

TEST(Families, BlocksShareTheCostOfTheirExponent) {
  Format block = record(FormatFamily::kBlock, 4);
  block.block_size = 16;
  block.scale_bits = 8;
  const OneLayer layer(block);
  EXPECT_EQ(layer.count(Operation::kFixedMultiply), 12);
  EXPECT_EQ(layer.count(Operation::kFixedAdd), 12 + 12.0 / 16);
  EXPECT_EQ(layer.count(Operation::kFloatToFixed), 12.0 / 16);
  EXPECT_EQ(layer.cost().weight_bits, 12 * (4 + 8.0 / 16));
}

TEST(Families, MicroscalingMultipliesItsElements) {
  Format scaled = record(FormatFamily::kMicroscaling, 4);
  scaled.element = std::make_shared<const Format>(make_float(2, 1));
  scaled.block_size = 32;
  scaled.scale_bits = 8;
  const OneLayer layer(scaled);
  EXPECT_EQ(layer.count(Operation::kFloatProduct), 12);
  EXPECT_EQ(layer.count(Operation::kFloatToFixed), 12 + 12.0 / 32);
}

TEST(Families, PositsAreDecodedAndEncoded) {
  Format posit = record(FormatFamily::kPosit, 8);
  posit.exponent_bits = 1;
  const OneLayer layer(posit);
  EXPECT_EQ(layer.count(Operation::kFloatProduct), 12);
  // Two operands a product, and each output: rounded to a float, then encoded.
  EXPECT_EQ(layer.count(Operation::kFixedToFloat), 2 * 12 + 2 * 3);
  for (const OperationUse& use : layer.uses()) {
    if (use.operation == Operation::kFloatProduct) {
      EXPECT_EQ(use.operands.left_precision, 8 - 2 - 1);
    }
  }
}

TEST(Families, ProductsOfLogarithmsAreAdditions) {
  Format lns = record(FormatFamily::kLns, 8);
  lns.fraction_bits = 3;
  const OneLayer layer(lns);
  EXPECT_EQ(layer.count(Operation::kFixedMultiply) + layer.count(Operation::kFloatProduct), 0);
  EXPECT_EQ(layer.count(Operation::kLogProduct), 12);
  EXPECT_EQ(layer.count(Operation::kFixedAdd), 12);
  EXPECT_EQ(layer.count(Operation::kFunction), 12 + 3);   // out of the logarithm, and back
}

TEST(Families, EveryTargetPricesEveryFamily) {
  Format double_word = record(FormatFamily::kDoubleWord, 16);
  double_word.element = std::make_shared<const Format>(make_float(4, 3));
  Format lns = record(FormatFamily::kLns, 8);
  lns.fraction_bits = 3;
  const auto names = target_names();
  ASSERT_TRUE(names);
  for (const std::string& name : *names) {
    const auto target = read_target(name);
    ASSERT_TRUE(target) << target.error().message;
    for (const Format& format : {double_word, lns, record(FormatFamily::kTakum, 12), record(FormatFamily::kDynamicFixed, 8)}) {
      testing::GraphBuilder builder;
      const NodeId x = builder.input("x", {1, 4});
      const Graph graph = builder.finish(builder.dense("layer", x, 3, std::vector<double>(12, 0.5), {}));
      const auto lowered = lower(graph);
      ASSERT_TRUE(lowered);
      EXPECT_GT(cost_on(*target, *lowered, uniform_assignment(graph, format)).total, 0) << name;
    }
  }
}

}  // namespace
}  // namespace halfulp
