// Dot products: every order, role, format and path against the rational oracle.
#include "compare.hpp"

namespace halfulp::testing {
namespace {

void compare_many(int networks, std::uint64_t seed, NodeId (*append)(Network&, Random&, NodeId), Tally& tally) {
  Random random(seed);
  for (int n = 0; n < networks; ++n) {
    const auto network = make_network(random, pick(random, 1, 6));
    network->graph.outputs = {append(*network, random, 0)};
    const auto input = random_values(random, network->size_of(0));
    const SimulateOptions options{.seed = random(), .force_rounded_path = n % 2 == 1};
    ASSERT_TRUE(compare_with_oracle(*network, {input}, options, static_cast<std::uint64_t>(n), tally)) << "network " << n;
  }
}

TEST(Accumulation, LinearMapsEqualTheOracle) {
  Tally tally;
  compare_many(6000, 1, append_linear, tally);
  EXPECT_GT(tally.compared, 3000);
  EXPECT_GT(tally.refused, 100);
}

TEST(Accumulation, DotProductsOfComputedOperandsEqualTheOracle) {
  Tally tally;
  compare_many(3000, 2, append_dot, tally);
  EXPECT_GT(tally.compared, 1500);
}

// Formats narrow enough that the exact path is proved often; both paths against the oracle on the same inputs.
TEST(Accumulation, ExactPathEqualsRoundedPath) {
  Random random(3);
  static const std::vector<std::string> narrow = {"fixed<8,3>", "fixed<16,6>", "fixed<6,2>:up", "e4m3", "fixed<12,4>:wrap"};
  static const std::vector<std::string> outputs = {"fixed<8,3>", "fixed<16,6>:stochastic<7>", "fixed<100,40>", "float<5,10>:odd", "e5m2:down"};
  static const std::vector<std::string> accumulators = {"fixed<48,24>", "fp64", "fixed<24,10>", "fp32:toward-zero"};
  Tally tally;
  for (int n = 0; n < 3000; ++n) {
    const auto network = make_network(random, pick(random, 1, 6));
    network->formats[0].input = *parse_format(any_of(random, narrow));
    const NodeId id = n % 3 == 0 ? append_dot(*network, random, 0) : append_linear(*network, random, 0);
    network->graph.outputs = {id};
    NodeFormats& formats = network->formats[static_cast<std::size_t>(id)];
    formats.weight = *parse_format(any_of(random, narrow));
    formats.bias = *parse_format(any_of(random, narrow));
    formats.output = *parse_format(any_of(random, outputs));
    formats.product.reset();
    formats.accumulator.reset();
    if (n % 2 == 0) formats.accumulator = *parse_format(any_of(random, accumulators));
    const auto input = random_values(random, network->size_of(0));
    const std::uint64_t seed = random();
    ASSERT_TRUE(compare_with_oracle(*network, {input}, {.seed = seed}, 5, tally)) << n;
    ASSERT_TRUE(compare_with_oracle(*network, {input}, {.seed = seed, .force_rounded_path = true}, 5, tally)) << n;
  }
  EXPECT_GT(tally.exact_nodes, 1500);
}

// 1 + 2^-53 + 2^-53 in double: each small term is lost in sequence, both together survive in a tree and in a block.
TEST(Accumulation, TheOrderIsPartOfTheResult) {
  Random random(4);
  LinearMap map;
  map.depth = map.inputs = 3;
  map.outputs = 1;
  map.input_pattern = {0, 1, 2};
  map.output_pattern = {0};
  map.weight = {1, 1, 1};
  const auto network = make_network(random, 3);
  network->formats[0].input.reset();
  network->graph.outputs = {network->append("sum", "linear", {LinearForm{map}, {0}, 1})};
  NodeFormats& formats = network->formats.back();
  formats.accumulator = *parse_format("fp64");
  const auto value = [&](const std::vector<double>& x, SummationOrder order) {
    formats.order = order;
    const auto simulator = Simulator::create(network->lowered, network->formats);
    return simulator->run({x}).value()[0][0].part[0];
  };
  const double tiny = 0x1p-53;
  EXPECT_EQ(value({1, tiny, tiny}, {}), 1);
  EXPECT_EQ(value({tiny, tiny, 1}, {SummationOrder::Kind::kTree, 0}), 1 + 2 * tiny);
  EXPECT_EQ(value({1, tiny, tiny}, {SummationOrder::Kind::kTree, 0}), 1);
  EXPECT_EQ(value({tiny, 1, tiny}, {SummationOrder::Kind::kBlocked, 2}), 1);
  EXPECT_EQ(value({tiny, tiny, 1}, {SummationOrder::Kind::kBlocked, 2}), 1 + 2 * tiny);
}

}  // namespace
}  // namespace halfulp::testing
