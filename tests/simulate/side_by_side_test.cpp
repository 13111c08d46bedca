// Rounded accumulation of whole layers against the general path, bit by bit: every mode and order, products of computed operands,
// any number of threads, any part of a batch.
#include <gtest/gtest.h>

#include <bit>
#include <thread>

#include "graphs.hpp"
#include "halfulp/formats/instruction_set.hpp"
#include "halfulp/simulate/simulate.hpp"

namespace halfulp::testing {
namespace {

Format of(Random& random, const std::vector<std::string>& bases) {
  static const std::vector<std::string> modes = {"", "", ":up", ":down", ":toward-zero", ":odd", ":nearest-away", ":stochastic", ":stochastic", ":stochastic<7>"};
  const std::string base = any_of(random, bases);
  const auto format = parse_format(base + any_of(random, modes));
  return format ? *format : *parse_format(base);
}

NodeFormats any_formats(Random& random) {
  static const std::vector<std::string> values = {"e4m3", "fixed<8,4>", "posit<8,1>", "float<6,9>"};
  static const std::vector<std::string> sums = {"fp16", "float<6,9>", "bf16", "fixed<16,8>", "posit<16,1>", "e5m2", "fixed<12,4>:wrap", "fp32"};
  NodeFormats formats;
  formats.weight = of(random, values);
  formats.bias = pick(random, 0, 1) == 0 ? of(random, values) : of(random, sums);
  formats.accumulator = of(random, sums);
  if (pick(random, 0, 1) == 0) formats.product = of(random, sums);
  if (pick(random, 0, 3) != 0) formats.output = of(random, values);
  if (pick(random, 0, 3) == 0) formats.order = {SummationOrder::Kind::kTree, 0};
  if (pick(random, 0, 3) == 0) formats.order = {SummationOrder::Kind::kBlocked, pick(random, 1, 6)};
  return formats;
}

std::unique_ptr<Network> make_layer(Random& random) {
  auto network = make_network(random, pick(random, 24, 60));
  network->formats[0].input = *parse_format("e4m3");
  if (pick(random, 0, 3) == 0) {
    network->graph.outputs = {append_dot(*network, random, 0)};
  } else {
    LinearMap map = random_convolution(random, network->lowered[0].size);
    if (pick(random, 0, 1) == 0) std::replace(map.input_pattern.begin(), map.input_pattern.end(), -1, 0);
    const std::int64_t size = map.outputs;
    network->graph.outputs = {network->append("conv", "conv", {LinearForm{std::move(map)}, {0}, size})};
  }
  network->formats.back() = any_formats(random);
  return network;
}

using Bits = std::vector<std::uint64_t>;

Bits bits_of(const Simulator& simulator, const std::vector<double>& x, std::uint64_t sample) {
  Bits bits;
  const auto outputs = simulator.run({x}, sample).value();
  for (const Expansion& value : outputs[0]) bits.push_back(std::bit_cast<std::uint64_t>(value.part[0]));
  return bits;
}

TEST(SideBySide, EqualsTheGeneralPath) {
  for (const std::string& set : instruction_sets()) {
    ASSERT_TRUE(use_instruction_set(set));
    Random random(41);
    for (int number = 0; number < 120; ++number) {
      const auto network = make_layer(random);
      const auto x = random_values(random, network->size_of(0));
      const auto fast = Simulator::create(network->lowered, network->formats, {.seed = 9});
      const auto general = Simulator::create(network->lowered, network->formats, {.seed = 9, .force_rounded_path = true});
      ASSERT_TRUE(fast && general);
      ASSERT_EQ(bits_of(*fast, x, 6), bits_of(*general, x, 6)) << number << " with " << set;
    }
  }
  use_instruction_set("");
}

// Exact sums of values with one unit, and single products with a bias, rounded to odd before the output.
TEST(SideBySide, SumsRoundedToOddEqualTheGeneralPath) {
  static const std::vector<std::string> values = {"int<8>", "int<8>", "int<4>", "int<12>", "e4m3", "int<8>:stochastic", "fixed<8,4>", "mx<e4m3,32>"};
  static const std::vector<std::string> outputs = {"int<8>", "e4m3:up", "fixed<12,6>:odd", "fp16", "bf16:stochastic<8>", "posit<16,1>", "fixed<10,5>:wrap", "fp32:infinity", "bfp<6,16>"};
  for (const std::string& set : instruction_sets()) {
    ASSERT_TRUE(use_instruction_set(set));
    Random random(47);
    for (int number = 0; number < 150; ++number) {
      const auto network = make_network(random, pick(random, 24, 60));
      network->formats[0].input = *parse_format(any_of(random, values));
      LinearMap map = random_convolution(random, network->lowered[0].size);
      if (pick(random, 0, 2) == 0) {
        map.depth = map.channels = 1;
        map.positions = map.input_group_stride = network->lowered[0].size / map.groups;
        map.output_channel_stride = map.positions;
        map.outputs = map.groups * map.positions;
        map.input_pattern.clear();
        for (std::int64_t i = 0; i < map.positions; ++i) map.input_pattern.push_back(static_cast<std::int32_t>(i));
        map.output_pattern = map.input_pattern;
        map.weight.resize(static_cast<std::size_t>(map.groups));
        map.bias.resize(map.bias.empty() ? 0 : static_cast<std::size_t>(map.groups));
      }
      const std::int64_t size = map.outputs;
      network->graph.outputs = {network->append("conv", "conv", {LinearForm{std::move(map)}, {0}, size})};
      NodeFormats& formats = network->formats.back();
      formats.weight = *parse_format(any_of(random, values));
      formats.bias = *parse_format(any_of(random, values));
      formats.output = *parse_format(any_of(random, outputs));
      const auto x = random_values(random, network->size_of(0));
      const auto fast = Simulator::create(network->lowered, network->formats, {.seed = 13});
      const auto general = Simulator::create(network->lowered, network->formats, {.seed = 13, .force_rounded_path = true});
      ASSERT_EQ(fast.has_value(), general.has_value());
      if (!fast) continue;
      ASSERT_EQ(bits_of(*fast, x, 2), bits_of(*general, x, 2)) << number << " with " << set << ": " << formats.weight->name << " into " << formats.output->name;
    }
  }
  use_instruction_set("");
}

// Samples in two threads, and each alone, give what one thread gives for all of them.
TEST(SideBySide, StochasticSumsDependOnSeedAndSampleOnly) {
  Random random(43);
  int other_sample = 0;
  for (int number = 0; number < 12; ++number) {
    const auto network = make_layer(random);
    NodeFormats& formats = network->formats.back();
    formats.accumulator = *parse_format(number % 2 == 0 ? "fp16:stochastic" : "fixed<16,8>:stochastic<9>");
    formats.output = *parse_format("e5m2:stochastic");
    constexpr std::size_t kSamples = 6;
    std::vector<std::vector<double>> x;
    for (std::size_t s = 0; s < kSamples; ++s) x.push_back(random_values(random, network->size_of(0)));
    const auto simulator = Simulator::create(network->lowered, network->formats, {.seed = 11});
    ASSERT_TRUE(simulator);
    std::vector<Bits> once(kSamples), again(kSamples);
    for (std::size_t s = 0; s < kSamples; ++s) once[s] = bits_of(*simulator, x[s], s);
    const auto half = [&](std::size_t first) {
      for (std::size_t s = first; s < kSamples; s += 2) again[s] = bits_of(*simulator, x[s], s);
    };
    std::thread other(half, std::size_t{1});
    half(0);
    other.join();
    EXPECT_EQ(once, again);
    other_sample += once[0] != bits_of(*simulator, x[0], 1) ? 1 : 0;
  }
  EXPECT_GT(other_sample, 6);
}

}  // namespace
}  // namespace halfulp::testing
