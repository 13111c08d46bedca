// Forms without a dot product, and chains of all forms, against the rational oracle.
#include <cmath>

#include "compare.hpp"
#include "halfulp/enclosure/correct_rounding.hpp"

namespace halfulp::testing {
namespace {

void compare_chains(int networks, std::uint64_t seed, std::int64_t longest, NodeId (*append)(Network&, Random&, NodeId), Tally& tally) {
  Random random(seed);
  for (int n = 0; n < networks; ++n) {
    const auto network = make_network(random, pick(random, 1, 6));
    NodeId last = 0;
    for (std::int64_t depth = pick(random, 1, longest); depth > 0; --depth) last = append(*network, random, last);
    network->graph.outputs = {last};
    const auto input = random_values(random, network->size_of(0));
    const SimulateOptions options{.seed = random(), .force_rounded_path = n % 2 == 1};
    ASSERT_TRUE(compare_with_oracle(*network, {input}, options, static_cast<std::uint64_t>(n) << 30, tally)) << "network " << n;
  }
}

TEST(Elementwise, UnaryFunctionsEqualTheOracle) {
  Tally tally;
  compare_chains(4000, 11, 2, append_unary, tally);
  EXPECT_GT(tally.compared, 2000);
}

TEST(Elementwise, BinaryOperatorsEqualTheOracle) {
  Tally tally;
  compare_chains(4000, 12, 2, append_binary, tally);
  EXPECT_GT(tally.compared, 1500);
}

TEST(Elementwise, SelectionsEqualTheOracle) {
  Tally tally;
  compare_chains(2000, 13, 3, append_selection, tally);
  EXPECT_GT(tally.compared, 1000);
}

TEST(Elementwise, ChainsOfAllFormsEqualTheOracle) {
  Tally tally;
  compare_chains(4000, 14, 5, append_any, tally);
  EXPECT_GT(tally.compared, 1000);
}

TEST(Elementwise, TranscendentalFunctionsAreTheCorrectlyRoundedOnes) {
  Random random(15);
  const std::vector<std::pair<UnaryKind, ElementaryFunction>> functions = {{UnaryKind::kTanh, ElementaryFunction::kTanh},
                                                                          {UnaryKind::kSigmoid, ElementaryFunction::kSigmoid},
                                                                          {UnaryKind::kExp, ElementaryFunction::kExp},
                                                                          {UnaryKind::kSqrt, ElementaryFunction::kSqrt},
                                                                          {UnaryKind::kSin, ElementaryFunction::kSin},
                                                                          {UnaryKind::kCos, ElementaryFunction::kCos},
                                                                          {UnaryKind::kAtan, ElementaryFunction::kAtan},
                                                                          {UnaryKind::kErf, ElementaryFunction::kErf}};
  for (const auto& [kind, function] : functions) {
    const auto network = make_network(random, 4);
    network->formats[0].input.reset();
    network->graph.outputs = {network->append("f", "f", {UnaryForm{.kind = kind, .slope = {}}, {0}, 4})};
    const Format format = *parse_format("fixed<16,6>:stochastic");
    network->formats[1].output = format;
    const auto simulator = Simulator::create(network->lowered, network->formats, {.seed = 9});
    ASSERT_TRUE(simulator);
    const std::vector<double> x = {0.3, 1.7, 0, 2.25};
    const auto y = simulator->run({x}, 6).value()[0];
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::uint32_t bits = random_bits(9, 6 * (1 << 24) + 1 * 8 + 5, i);
      EXPECT_EQ(y[i].part[0], round_function(format, function, {{x[i], 0, 0}}, bits).part[0]);
    }
  }
}

TEST(Elementwise, SoftmaxRoundsEachShareOnce) {
  Random random(16);
  const auto network = make_network(random, 4);
  network->formats[0].input.reset();
  network->graph.outputs = {network->append("s", "softmax", {SoftmaxForm{.length = 2, .members = {0, 2, 1, 3}}, {0}, 4})};
  network->formats[1].output = *parse_format("fixed<20,2>");
  const auto simulator = Simulator::create(network->lowered, network->formats);
  ASSERT_TRUE(simulator);
  const std::vector<double> x = {0.5, -1, 1.5, 2};
  const auto y = simulator->run({x}).value()[0];
  for (std::size_t i = 0; i < 4; ++i) {
    const double share = 1 / (1 + std::exp(x[(i + 2) % 4] - x[i]));
    EXPECT_NEAR(y[i].part[0], share, 0x1p-19 + 1e-15);
    EXPECT_EQ(std::ldexp(y[i].part[0], 18), std::rint(std::ldexp(y[i].part[0], 18)));
  }
}

}  // namespace
}  // namespace halfulp::testing
