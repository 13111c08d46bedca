// Group formats and tapered formats in networks, against rational references that share no arithmetic with the simulator.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <cmath>
#include <thread>

#include "compare.hpp"
#include "group_reference.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp::testing {
namespace {

Rationals rationals(const std::vector<double>& values) { return {values.begin(), values.end()}; }

Rationals rationals(const std::vector<Expansion>& values) {
  Rationals result;
  for (const Expansion& x : values) result.push_back(mpq_class(x.part[0]) + mpq_class(x.part[1]) + mpq_class(x.part[2]));
  return result;
}

struct GroupCase {
  const char* spelling;
  std::size_t block;  // 0: one scale a tensor
  GroupReference reference;
};

const std::vector<GroupCase>& group_cases() {
  static const std::vector<GroupCase> cases = {
      {"bfp<8,16>", 16, bfp_reference(8)},       {"bfp<3,5>", 5, bfp_reference(3)},        {"mx<e4m3,32>", 32, mx_e4m3_reference()},
      {"mx<e2m1,32>", 32, mx_e2m1_reference()},  {"mx<e2m1,7>", 7, mx_e2m1_reference()},   {"nvfp4", 16, nvfp4_reference()},
      {"dynamic-fixed<8>", 0, dynamic_fixed_reference(8)}, {"dynamic-fixed<4>", 0, dynamic_fixed_reference(4)},
      {"int<8>", 0, int_reference(8)},           {"int<4>", 0, int_reference(4)},          {"uint<8>", 0, uint_reference(8)}};
  return cases;
}

Format format_of(const std::string& spelling) {
  const auto format = parse_format(spelling);
  EXPECT_TRUE(format) << spelling;
  return *format;
}

// A dense layer with stored weights.
LinearMap dense(std::int64_t outputs, std::int64_t depth, Random& random) {
  LinearMap map;
  map.inputs = map.depth = depth;
  map.outputs = map.channels = outputs;
  for (std::int64_t k = 0; k < depth; ++k) map.input_pattern.push_back(static_cast<std::int32_t>(k));
  map.output_pattern = {0};
  map.weight = random_values(random, static_cast<std::size_t>(outputs * depth));
  map.bias = random_values(random, static_cast<std::size_t>(outputs));
  return map;
}

std::unique_ptr<Network> dense_network(std::int64_t inputs, std::int64_t outputs, Random& random) {
  auto network = make_network(random, inputs);
  network->formats[0] = {};
  network->append("fc", "linear", {LinearForm{dense(outputs, inputs, random)}, {0}, outputs});
  network->graph.outputs = {1};
  return network;
}

const LinearMap& map_of(const Network& network) { return std::get<LinearForm>(network.lowered.nodes[1].form).map; }

Rationals product_of(const Rationals& weight, const Rationals& bias, const Rationals& x) {
  Rationals y = bias;
  for (std::size_t m = 0; m < bias.size(); ++m) {
    for (std::size_t k = 0; k < x.size(); ++k) y[m] += weight[m * x.size() + k] * x[k];
  }
  return y;
}

TEST(Grouped, EveryRoleOfADenseLayer) {
  Random random(31);
  for (const GroupCase& group : group_cases()) {
    for (int round = 0; round < 12; ++round) {
      const std::int64_t inputs = pick(random, 2, 70), outputs = pick(random, 1, 40);
      const auto network = dense_network(inputs, outputs, random);
      network->formats = uniform_assignment(network->graph, format_of(group.spelling));
      const auto simulator = Simulator::create(network->lowered, network->formats);
      ASSERT_TRUE(simulator) << simulator.error().message;
      const auto x = random_values(random, static_cast<std::size_t>(inputs));
      const auto depth = static_cast<std::size_t>(inputs);
      const auto rounded = [&](const std::vector<double>& values, std::size_t row) {
        return round_rows(rationals(values), row, group.block, group.reference);
      };
      const Rationals exact = product_of(rounded(map_of(*network).weight, depth), rounded(map_of(*network).bias, outputs), rounded(x, depth));
      const Rationals expected = round_rows(exact, exact.size(), group.block, group.reference);
      const auto simulated = simulator->run({x});
      ASSERT_TRUE(simulated) << simulated.error().message;
      ASSERT_EQ(rationals((*simulated)[0]), expected) << group.spelling;
    }
  }
}

// Both accumulation paths, and rounded accumulators before a group format, give the same.
TEST(Grouped, PathsAgree) {
  Random random(32);
  for (const GroupCase& group : group_cases()) {
    const auto network = dense_network(37, 20, random);
    network->formats = uniform_assignment(network->graph, format_of(group.spelling));
    for (const char* accumulator : {"", "fixed<32,12>", "float<8,23>"}) {
      if (*accumulator != 0) network->formats[1].accumulator = format_of(accumulator);
      const auto fast = Simulator::create(network->lowered, network->formats);
      const auto slow = Simulator::create(network->lowered, network->formats, {.force_rounded_path = true});
      ASSERT_TRUE(fast && slow);
      const auto x = random_values(random, 37);
      EXPECT_EQ(rationals(fast->run({x}).value()[0]), rationals(slow->run({x}).value()[0])) << group.spelling << " " << accumulator;
    }
  }
}

// A copy of a 1 x 40 x 2 x 3 input: blocks run along the channels of each pixel.
TEST(Grouped, BlocksOfImagesRunAlongTheirChannels) {
  Random random(33);
  constexpr std::size_t kChannels = 40, kPixels = 6;
  auto network = make_network(random, kChannels * kPixels);
  network->graph.nodes[0].shape = {1, kChannels, 2, 3};
  network->formats[0] = {};
  GatherForm copy;
  for (std::size_t i = 0; i < kChannels * kPixels; ++i) copy.source.push_back(static_cast<std::int32_t>(i));
  network->append("copy", "reshape", {copy, {0}, kChannels * kPixels});
  network->graph.nodes[1].shape = network->graph.nodes[0].shape;
  network->graph.outputs = {1};
  const auto x = random_values(random, kChannels * kPixels);
  for (const char* role : {"input", "output"}) {
    network->formats = FormatAssignment(2);
    (std::string(role) == "input" ? network->formats[0].input : network->formats[1].output) = format_of("mx<e4m3,32>");
    const auto simulator = Simulator::create(network->lowered, network->formats);
    ASSERT_TRUE(simulator);
    const Rationals y = rationals(simulator->run({x}).value()[0]);
    for (std::size_t pixel = 0; pixel < kPixels; ++pixel) {
      Rationals before, after;
      for (std::size_t c = 0; c < kChannels; ++c) {
        before.emplace_back(x[c * kPixels + pixel]);
        after.push_back(y[c * kPixels + pixel]);
      }
      EXPECT_EQ(after, round_rows(before, kChannels, 32, mx_e4m3_reference())) << role;
    }
  }
}

TEST(Grouped, ChannelsOfWeightsAreOutputs) {
  Random random(34);
  const auto network = dense_network(9, 5, random);
  network->formats[1].weight = format_of("int<8>@channel");
  network->formats[1].output = format_of("fixed<128,64>");
  const auto simulator = Simulator::create(network->lowered, network->formats);
  ASSERT_TRUE(simulator);
  const Rationals weight = round_rows(rationals(map_of(*network).weight), 9, 9, int_reference(8));
  for (std::size_t k = 0; k < 9; ++k) {
    std::vector<double> unit(9);
    unit[k] = 1;
    const Rationals column = rationals(simulator->run({unit}).value()[0]);
    for (std::size_t m = 0; m < 5; ++m) {
      const mpq_class expected = weight[m * 9 + k] + mpq_class(map_of(*network).bias[m]);
      EXPECT_LT(abs(column[m] - expected), power_of_two(-63)) << "weight " << m << ", " << k;
    }
  }
}

// Weights of products of one term are a vector, and so share scales among channels.
TEST(Grouped, ScalesOfElementwiseWeights) {
  Random random(35);
  auto network = make_network(random, 24);
  network->formats[0] = {};
  LinearMap map;
  map.inputs = map.outputs = map.groups = 24;
  map.input_pattern = map.output_pattern = {0};
  map.input_group_stride = 1;
  map.weight = random_values(random, 24);
  const Rationals expected = round_rows(rationals(map.weight), 24, 16, bfp_reference(8));
  network->append("scale", "mul", {LinearForm{map}, {0}, 24});
  network->formats[1].weight = format_of("bfp<8,16>");
  network->formats[1].output = format_of("fp64");
  network->graph.outputs = {1};
  const auto simulator = Simulator::create(network->lowered, network->formats);
  ASSERT_TRUE(simulator);
  EXPECT_EQ(rationals(simulator->run({std::vector<double>(24, 1.0)}).value()[0]), expected);
}

// The network's results for samples first .. last, each one's output in a row.
std::vector<Rationals> samples(const Simulator& simulator, const std::vector<std::vector<double>>& x, std::size_t first, std::size_t last) {
  std::vector<Rationals> result;
  for (std::size_t s = first; s < last; ++s) result.push_back(rationals(simulator.run({x[s]}, s).value()[0]));
  return result;
}

TEST(Grouped, StochasticResultsDoNotDependOnHowSamplesAreSplit) {
  Random random(36);
  for (const char* spelling : {"bfp<4,8>:stochastic", "mx<e4m3,32>:stochastic<8>", "nvfp4:stochastic", "int<8>:stochastic<16>",
                               "dynamic-fixed<8>:stochastic", "posit<8,1>:stochastic"}) {
    const auto network = dense_network(20, 12, random);
    network->formats = uniform_assignment(network->graph, format_of(spelling));
    std::vector<std::vector<double>> x;
    for (int s = 0; s < 8; ++s) x.push_back(random_values(random, 20));
    const auto simulator = Simulator::create(network->lowered, network->formats, {.seed = 5});
    ASSERT_TRUE(simulator) << simulator.error().message;
    const auto whole = samples(*simulator, x, 0, 8);
    std::vector<Rationals> front, back;
    std::thread worker([&] { back = samples(*simulator, x, 3, 8); });
    front = samples(*simulator, x, 0, 3);
    worker.join();
    front.insert(front.end(), back.begin(), back.end());
    EXPECT_EQ(whole, front) << spelling;
    const auto again = Simulator::create(network->lowered, network->formats, {.seed = 5});
    EXPECT_EQ(whole[7], samples(*again, x, 7, 8)[0]) << spelling;
    const auto other = Simulator::create(network->lowered, network->formats, {.seed = 6});
    EXPECT_NE(whole, samples(*other, x, 0, 8)) << spelling;
  }
}

// A stochastic input of bfp<4,8>, drawn again from the documented stream.
TEST(Grouped, StochasticDrawsComeFromTheDocumentedStream) {
  Random random(37);
  auto network = make_network(random, 16);
  network->formats[0] = {};
  network->formats[0].input = format_of("bfp<4,8>:stochastic<6>");
  network->graph.outputs = {0};
  const auto simulator = Simulator::create(network->lowered, network->formats, {.seed = 9});
  ASSERT_TRUE(simulator);
  const auto x = random_values(random, 16);
  constexpr std::uint64_t kSample = 11;
  const Rationals y = rationals(simulator->run({x}, kSample).value()[0]);
  for (std::size_t first = 0; first < 16; first += 8) {
    const Rationals group(x.begin() + static_cast<std::ptrdiff_t>(first), x.begin() + static_cast<std::ptrdiff_t>(first) + 8);
    const mpq_class unit = power_of_two(floor_log2(largest_magnitude(group)) - 2);
    for (std::size_t i = 0; i < 8; ++i) {
      const mpq_class scaled = group[i] / unit;
      mpz_class below, sixty_fourths;
      mpz_fdiv_q(below.get_mpz_t(), scaled.get_num_mpz_t(), scaled.get_den_mpz_t());
      const mpq_class fraction = (scaled - below) * 64;
      mpz_fdiv_q(sixty_fourths.get_mpz_t(), fraction.get_num_mpz_t(), fraction.get_den_mpz_t());
      const std::uint32_t drawn = random_bits(9, kSample << 24, first + i) % 64;
      mpq_class expected(drawn < sixty_fourths ? mpz_class(below + 1) : below);
      if (abs(expected) > 7) expected = sgn(expected) * 7;
      EXPECT_EQ(y[first + i], expected * unit) << x[first + i];
    }
  }
}

TEST(Grouped, PositNetworksRoundEveryAddition) {
  Random random(38);
  for (const auto& [bits, es] : {std::pair{8, 0}, {8, 1}, {8, 2}, {16, 1}, {16, 2}}) {
    const Format format = format_of("posit<" + std::to_string(bits) + "," + std::to_string(es) + ">");
    for (int round = 0; round < 6; ++round) {
      const auto network = dense_network(7, 4, random);
      network->formats = uniform_assignment(network->graph, format);
      network->formats[1].product = network->formats[1].accumulator = format;
      const auto simulator = Simulator::create(network->lowered, network->formats);
      ASSERT_TRUE(simulator) << simulator.error().message;
      const auto nearest = [&](const mpq_class& value) { return posit_reference(bits, es, value); };
      const auto x = random_values(random, 7);
      Rationals expected;
      for (std::size_t m = 0; m < 4; ++m) {
        mpq_class sum = nearest(map_of(*network).bias[m]);
        for (std::size_t k = 0; k < 7; ++k) sum = nearest(sum + nearest(nearest(map_of(*network).weight[m * 7 + k]) * nearest(x[k])));
        expected.push_back(sum);
      }
      EXPECT_EQ(rationals(simulator->run({x}).value()[0]), expected) << format.name;
    }
  }
}

// Exact sums (the quire) in every order and on both paths, for formats that round each value by itself.
TEST(Grouped, ExactSumsOfTaperedFormats) {
  Random random(39);
  for (const char* spelling : {"posit<8,1>", "posit<16,1>", "posit<32,2>", "takum<8>", "takum<16>", "lns<8,4>", "e8m0", "dw<bf16>", "dw<fp32>", "dw<fp64>"}) {
    const auto network = dense_network(23, 6, random);
    network->formats = uniform_assignment(network->graph, format_of(spelling));
    const auto fast = Simulator::create(network->lowered, network->formats);
    const auto slow = Simulator::create(network->lowered, network->formats, {.force_rounded_path = true});
    ASSERT_TRUE(fast) << fast.error().message;
    const auto x = random_values(random, 23);
    const auto run = fast->run({x});
    ASSERT_TRUE(run) << spelling << ": " << run.error().message;
    EXPECT_EQ(rationals((*run)[0]), rationals(slow->run({x}).value()[0])) << spelling;
    EXPECT_EQ(slow->exact_path_nodes().size(), 0u);
  }
}

// Sums a hair above a tie of the element format, and above a power of two that the scale rule looks at.
TEST(Grouped, DecisionsRestOnExactValues) {
  Random random(41);
  auto network = dense_network(2, 2, random);
  auto& map = std::get<LinearForm>(network->lowered.nodes[1].form).map;
  map.bias = {0, 0};
  map.weight = {1.0625, 0x1p-70, 1, 0x1p-70};
  network->formats[1].output = format_of("mx<e4m3,32>");
  const auto run = [&](double small) { return rationals(Simulator::create(network->lowered, network->formats)->run({{1, small}}).value()[0]); };
  EXPECT_EQ(run(0)[0], 1) << "a tie goes to the even neighbour";
  EXPECT_EQ(run(1)[0], mpq_class(9, 8));
  EXPECT_EQ(run(-1)[0], 1);
  network->formats[1].output = format_of("mx<e2m1,32>:scale-ceil");
  map.weight = {1, 0x1p-70, 0.125, 0};
  EXPECT_EQ(run(0)[1], mpq_class(1, 8)) << "scale 1/4: 1/8 is half";
  EXPECT_EQ(run(1)[1], 0) << "scale 1/2: 1/8 is a quarter, a tie to zero";
  EXPECT_EQ(run(-1)[1], mpq_class(1, 8));
}

mpq_class rational(const mpfr_t x) {
  mpq_class result;
  mpfr_get_q(result.get_mpq_t(), x);
  return result;
}

using MpfrFunction = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);

mpq_class value_of(MpfrFunction function, double x) {
  mpfr_t y;
  mpfr_init2(y, 400);
  mpfr_set_d(y, x, MPFR_RNDN);
  function(y, y, MPFR_RNDN);
  const mpq_class result = rational(y);
  mpfr_clear(y);
  return result;
}

TEST(Grouped, FunctionsAreRoundedOnce) {
  Random random(42);
  const std::vector<std::pair<UnaryKind, MpfrFunction>> functions = {{UnaryKind::kTanh, mpfr_tanh}, {UnaryKind::kExp, mpfr_exp}};
  for (const auto& [kind, function] : functions) {
    auto network = make_network(random, 50);
    network->formats[0] = {};
    network->append("f", "f", {UnaryForm{.kind = kind, .slope = {}}, {0}, 50});
    network->graph.outputs = {1};
    std::vector<double> x(50);
    for (double& value : x) value = static_cast<double>(pick(random, -4000, 4000)) / 512;
    Rationals exact;
    for (const double value : x) exact.push_back(value_of(function, value));
    for (const GroupCase& group : group_cases()) {
      network->formats[1].output = format_of(group.spelling);
      const auto simulator = Simulator::create(network->lowered, network->formats);
      EXPECT_EQ(rationals(simulator->run({x}).value()[0]), round_rows(exact, 50, group.block, group.reference)) << group.spelling;
    }
    for (const int es : {0, 1, 2}) {
      network->formats[1].output = format_of("posit<16," + std::to_string(es) + ">");
      const Rationals y = rationals(Simulator::create(network->lowered, network->formats)->run({x}).value()[0]);
      for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(y[i], posit_reference(16, es, exact[i])) << x[i];
    }
  }
}

TEST(Grouped, SoftmaxSharesScalesAmongItsValues) {
  Random random(43);
  auto network = make_network(random, 40);
  network->formats[0] = {};
  SoftmaxForm form{.length = 40, .members = {}};
  for (std::int32_t i = 0; i < 40; ++i) form.members.push_back(i);
  network->append("softmax", "softmax", {form, {0}, 40});
  network->graph.outputs = {1};
  std::vector<double> x(40);
  for (double& value : x) value = static_cast<double>(pick(random, -1000, 1000)) / 256;
  Rationals exact;
  mpq_class sum = 0;
  for (const double value : x) sum += exact.emplace_back(value_of(mpfr_exp, value));
  for (mpq_class& value : exact) value /= sum;
  for (const GroupCase& group : group_cases()) {
    network->formats[1].output = format_of(group.spelling);
    const auto simulator = Simulator::create(network->lowered, network->formats);
    EXPECT_EQ(rationals(simulator->run({x}).value()[0]), round_rows(exact, 40, group.block, group.reference)) << group.spelling;
  }
}

class GroupErrors : public ::testing::Test {
 protected:
  Random random{40};
  std::unique_ptr<Network> network = dense_network(4, 3, random);
  std::string code() const {
    const auto simulator = Simulator::create(network->lowered, network->formats);
    return simulator ? "" : simulator.error().code;
  }
};

TEST_F(GroupErrors, ProductsAndAccumulatorsHaveNoGroup) {
  network->formats = uniform_assignment(network->graph, format_of("mx<e4m3,32>"));
  EXPECT_EQ(code(), "");
  network->formats[1].accumulator = format_of("bfp<8,16>");
  EXPECT_EQ(code(), "E0311");
  network->formats[1].accumulator.reset();
  network->formats[1].product = format_of("int<8>");
  EXPECT_EQ(code(), "E0311");
}

TEST_F(GroupErrors, AxesThatAnArrayDoesNotHave) {
  network->formats[1].output = format_of("mx<e4m3,32>:axis<1>");
  EXPECT_EQ(code(), "E0507");
  network->formats[1].output = format_of("mx<e4m3,32>:axis<-1>");
  EXPECT_EQ(code(), "");
  network->formats[1].weight = format_of("mx<e4m3,32>:axis<2>");
  EXPECT_EQ(code(), "E0507");
  network->formats[1].weight = format_of("mx<e4m3,32>:axis<1>");
  EXPECT_EQ(code(), "");
}

}  // namespace
}  // namespace halfulp::testing
