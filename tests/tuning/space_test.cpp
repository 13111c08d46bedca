// What may be chosen: roles, ties, pins, orders, targets, and the front of cost against error.
#include <gtest/gtest.h>

#include "halfulp/cost/cost.hpp"
#include "halfulp/tuning/tuning.hpp"
#include "tuning/small_nets.hpp"
#include "variables.hpp"

namespace halfulp {
namespace {

struct Net {
  Graph graph = testing::dense_net({4, 10, 10, 2}, 8);
  LoweredGraph lowered = *lower(graph);
  TuneInput box{.box = testing::unit_box(4), .data = {}};
  NodeId id(const std::string& name) const {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (graph.nodes[i].name == name) return static_cast<NodeId>(i);
    }
    return -1;
  }
  const NodeFormats& of(const TuneResult& result, const std::string& name) const { return result.formats[static_cast<std::size_t>(id(name))]; }
};

TuneOptions error_below(double bound) {
  TuneOptions options;
  options.max_error = bound;
  return options;
}

void expect_proved_again(const Net& net, const TuneResult& result, double bound) {
  ASSERT_EQ(result.status, "proved");
  AnalyzeOptions reference;
  reference.engine = Engine::kMpfr;
  const auto again = analyze_box(net.lowered, result.formats, *net.box.box, reference);
  ASSERT_TRUE(again);
  EXPECT_LE(again->max_error, bound);
}

TEST(Space, EveryRole) {
  const Net net;
  TuneOptions options = error_below(1e-2);
  options.roles = {Role::kInput, Role::kWeight, Role::kBias, Role::kProduct, Role::kAccumulator, Role::kOutput};
  const auto result = tune(net.lowered, net.box, options);
  ASSERT_TRUE(result) << result.error().message;
  expect_proved_again(net, *result, 1e-2);
  EXPECT_TRUE(net.of(*result, "x").input);
  for (const char* layer : {"fc1", "fc2", "fc3"}) {
    const NodeFormats& formats = net.of(*result, layer);
    EXPECT_TRUE(formats.weight && formats.bias && formats.product && formats.accumulator && formats.output) << layer;
  }
  EXPECT_TRUE(result->overflow_free);
}

TEST(Space, OrdersOfRoundedAdditions) {
  const Net net;
  TuneOptions options = error_below(1e-2);
  options.roles = {Role::kWeight, Role::kAccumulator, Role::kOutput};
  const auto sequential = tune(net.lowered, net.box, options);
  options.orders = {SummationOrder{}, {.kind = SummationOrder::Kind::kTree, .block = 0}, {.kind = SummationOrder::Kind::kBlocked, .block = 4}};
  const auto chosen = tune(net.lowered, net.box, options);
  ASSERT_TRUE(sequential && chosen);
  expect_proved_again(net, *chosen, 1e-2);
  EXPECT_LE(chosen->cost, sequential->cost);
  EXPECT_TRUE(net.of(*sequential, "fc2").order == SummationOrder{});
}

TEST(Space, TiedLayersShareAFormat) {
  const Net net;
  TuneOptions options = error_below(1e-3);
  options.ties = {{"fc*"}};
  const auto result = tune(net.lowered, net.box, options);
  ASSERT_TRUE(result) << result.error().message;
  expect_proved_again(net, *result, 1e-3);
  for (const char* layer : {"fc2", "fc3"}) {
    EXPECT_EQ(net.of(*result, layer).weight->name, net.of(*result, "fc1").weight->name);
    EXPECT_EQ(net.of(*result, layer).bias->name, net.of(*result, "fc1").bias->name);
    EXPECT_EQ(net.of(*result, layer).output->name, net.of(*result, "fc1").output->name);
  }
  const auto apart = tune(net.lowered, net.box, error_below(1e-3));
  ASSERT_TRUE(apart);
  EXPECT_LE(apart->cost, result->cost);
  options.ties = {{"conv*"}};
  EXPECT_EQ(tune(net.lowered, net.box, options).error().code, "E0805");
}

TEST(Space, PinnedFormatsStay) {
  const Net net;
  TuneOptions options = error_below(1e-2);
  options.pins = {{"fc1", Role::kWeight, make_fixed(16, 2)}, {"fc?", Role::kBias, make_fixed(14, 2)}, {"fc2", Role::kAccumulator, make_fixed(24, 8)}};
  const auto result = tune(net.lowered, net.box, options);
  ASSERT_TRUE(result) << result.error().message;
  expect_proved_again(net, *result, 1e-2);
  EXPECT_EQ(net.of(*result, "fc1").weight->name, "fixed<16,2>");
  EXPECT_EQ(net.of(*result, "fc3").bias->name, "fixed<14,2>");
  EXPECT_EQ(net.of(*result, "fc2").accumulator->name, "fixed<24,8>");
  options.pins = {{"relu1", Role::kWeight, make_fixed(16, 2)}};
  EXPECT_EQ(tune(net.lowered, net.box, options).error().code, "E0805");
}

TEST(Space, TargetsWhoseCostsDoNotAddUp) {
  const Net net;
  for (const char* target : {"bitops", "energy-45nm"}) {
    TuneOptions options = error_below(1e-3);
    options.target = target;
    const auto result = tune(net.lowered, net.box, options);
    ASSERT_TRUE(result) << result.error().message;
    expect_proved_again(net, *result, 1e-3);
    const Target record = *read_target(target);
    EXPECT_DOUBLE_EQ(result->cost, CostModel(record, net.lowered).total(result->formats).total) << target;
    ASSERT_TRUE(result->baseline);
    EXPECT_LT(result->cost, result->baseline->cost) << target;
    options.strategy = "greedy";
    const auto greedy = tune(net.lowered, net.box, options);
    ASSERT_TRUE(greedy);
    EXPECT_LE(result->cost, greedy->cost) << target;
  }
}

TEST(Space, FrontOfCostAgainstError) {
  const Net net;
  TuneOptions options = error_below(1e-4);
  options.front_points = 5;
  const auto front = tune_front(net.lowered, net.box, options);
  ASSERT_TRUE(front) << front.error().message;
  ASSERT_GE(front->size(), 4u);
  for (std::size_t i = 0; i < front->size(); ++i) {
    EXPECT_EQ((*front)[i].status, "proved");
    const auto again = analyze_box(net.lowered, (*front)[i].formats, *net.box.box);
    ASSERT_TRUE(again);
    EXPECT_LE(again->max_error, (*front)[i].error_bound * (1 + 1e-9));
    if (i == 0) continue;
    EXPECT_LT((*front)[i - 1].cost, (*front)[i].cost);
    EXPECT_GT((*front)[i - 1].error_bound, (*front)[i].error_bound);
  }
  EXPECT_LE(front->back().error_bound, 1e-4);
}

TEST(Space, Globs) {
  EXPECT_TRUE(matches("conv*", "conv1") && matches("*", "") && matches("f?1", "fc1") && matches("*.fc", "a.b.fc") && matches("a*b*c", "axxbyyc"));
  EXPECT_FALSE(matches("conv*", "xconv") || matches("f?1", "f1") || matches("", "a") || matches("a*b*c", "axxbyy"));
}

}  // namespace
}  // namespace halfulp
