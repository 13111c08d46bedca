// What the simulator refuses, and that it says where.
#include <limits>

#include "compare.hpp"

namespace halfulp::testing {
namespace {

LinearMap scaling(std::vector<double> weight) {
  LinearMap map;
  map.inputs = map.outputs = map.groups = static_cast<std::int64_t>(weight.size());
  map.input_pattern = {0};
  map.input_group_stride = 1;
  map.output_pattern = {0};
  map.weight = std::move(weight);
  return map;
}

class Errors : public ::testing::Test {
 protected:
  Random random{1};
  std::unique_ptr<Network> network = make_network(random, 2);
  void SetUp() override {
    network->formats[0].input.reset();
    network->graph.outputs = {network->append("scale", "mul", {LinearForm{scaling({3, 100})}, {0}, 2})};
  }
  NodeFormats& scale() { return network->formats[1]; }
  Result<Simulator> create() const { return Simulator::create(network->lowered, network->formats); }
};

TEST_F(Errors, ValuesWithoutABoundedWidth) {
  const auto refused = create();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E0501");
  EXPECT_EQ(refused.error().place, "scale1");
  scale().accumulator = make_fixed(16, 8);
  EXPECT_TRUE(create());
  std::get<LinearForm>(network->lowered.nodes[1].form).map.divisor = {3};
  EXPECT_EQ(create().error().code, "E0501");
  scale().output = make_fixed(16, 8);
  EXPECT_TRUE(create());
}

TEST_F(Errors, AWeightThatItsFormatCannotHold) {
  scale().output = make_fixed(16, 12);
  scale().weight = *parse_format("fixed<8,4>:error");
  const auto refused = create();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E0502");
  EXPECT_NE(refused.error().message.find("weight 1 "), std::string::npos) << refused.error().message;
}

TEST_F(Errors, InputsThatAreNoNumbersOrOfTheWrongCount) {
  scale().output = make_fixed(16, 12);
  const auto simulator = create();
  ASSERT_TRUE(simulator);
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    const auto result = simulator->run({{0, bad}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "E0503");
    EXPECT_NE(result.error().message.find("element 1"), std::string::npos);
  }
  EXPECT_EQ(simulator->run({{1}}).error().code, "E0503");
  EXPECT_EQ(simulator->run({}).error().code, "E0503");
  EXPECT_TRUE(simulator->run({{1, 2}}));
}

TEST_F(Errors, OverflowUnderErrorNamesNodeAndElement) {
  scale().output = *parse_format("fixed<8,6>:error");
  const auto simulator = create();
  ASSERT_TRUE(simulator);
  EXPECT_TRUE(simulator->run({{10, 0.3}}));
  const auto result = simulator->run({{1, 0.4}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "E0504");
  EXPECT_EQ(result.error().place, "scale1");
  EXPECT_NE(result.error().message.find("element 1"), std::string::npos);
}

TEST_F(Errors, AFunctionOutsideItsDomain) {
  scale().output = make_fixed(16, 8);
  network->append("log", "log", {UnaryForm{.kind = UnaryKind::kLog, .slope = {}}, {1}, 2});
  network->formats[2].output = make_float(5, 10);
  const auto simulator = create();
  ASSERT_TRUE(simulator);
  const auto result = simulator->run({{1, -1}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "E0505");
  EXPECT_EQ(result.error().place, "log2");
}

TEST_F(Errors, PowersBeyondTheLimit) {
  scale().output = make_fixed(16, 8);
  network->append("pow", "pow", {UnaryForm{.kind = UnaryKind::kPower, .exponent = 1 << 20, .slope = {}}, {1}, 2});
  network->formats[2].output = make_float(5, 10);
  EXPECT_EQ(create().error().code, "E0506");
}

}  // namespace
}  // namespace halfulp::testing
