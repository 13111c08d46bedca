// Linear nodes and the element-wise nodes after them in one pass (lib/simulate/chain): the same bits as the general path, node by
// node.
#include <gtest/gtest.h>

#include <bit>

#include "graphs.hpp"
#include "halfulp/formats/instruction_set.hpp"
#include "halfulp/simulate/simulate.hpp"

namespace halfulp::testing {
namespace {

LinearMap scaling_of(Random& random, const LinearMap& head) {
  LinearMap map;
  map.groups = head.groups * head.channels;
  map.positions = head.positions;
  map.inputs = map.outputs = head.outputs;
  map.input_pattern = map.output_pattern = head.output_pattern;
  map.input_group_stride = map.output_channel_stride = head.output_channel_stride;
  map.weight = random_values(random, static_cast<std::size_t>(map.groups));
  map.bias = random_values(random, static_cast<std::size_t>(map.groups));
  return map;
}

Format any_format(Random& random) {
  static const std::vector<std::string> formats = {"fixed<8,4>",     "fixed<8,4>",   "fixed<6,3>:stochastic", "fixed<8,2>:wrap", "e4m3",
                                                   "fixed<7,4>:up", "float<4,3>:odd", "ufixed<6,3>", "fixed<8,5>:saturate-symmetric", "e2m1",
                                                   "float<3,2>:stochastic<4>", "fixed<8,4>:error"};
  return *parse_format(any_of(random, formats));
}

NodeFormats any_formats(Random& random) {
  NodeFormats formats;
  formats.weight = any_format(random);
  formats.bias = any_format(random);
  formats.output = any_format(random);
  if (pick(random, 0, 4) == 0) formats.accumulator = *parse_format(any_of(random, std::vector<std::string>{"fixed<48,24>", "fp16", "fp32"}));
  return formats;
}

std::unique_ptr<Network> make_chain(Random& random) {
  auto network = make_network(random, pick(random, 20, 60));
  network->formats[0].input = any_format(random);
  const LinearMap head = random_convolution(random, network->lowered[0].size);
  NodeId last = network->append("conv", "conv", {LinearForm{head}, {0}, head.outputs});
  network->formats.back() = any_formats(random);
  for (std::int64_t n = pick(random, 0, 4); n > 0; --n) {
    if (pick(random, 0, 1) == 0) {
      last = network->append("norm", "batch_norm", {LinearForm{scaling_of(random, head)}, {last}, head.outputs});
      network->formats.back() = any_formats(random);
    } else {
      const bool clamps = pick(random, 0, 1) == 0;
      UnaryForm form{.kind = clamps ? UnaryKind::kHardtanh : UnaryKind::kRelu, .low = static_cast<double>(pick(random, -2, 0)), .high = 1.5, .slope = {}};
      last = network->append("clamp", "hardtanh", {form, {last}, head.outputs});
      if (pick(random, 0, 3) != 0) network->formats.back().output = pick(random, 0, 1) == 0 ? any_format(random) : *network->formats[static_cast<std::size_t>(last) - 1].output;
      if (!network->formats.back().output) break;
    }
  }
  network->graph.outputs = {last};
  if (pick(random, 0, 4) == 0) network->graph.outputs.push_back(1);
  return network;
}

void compare(const Network& network, Random& random, int number) {
  const std::vector<std::vector<double>> inputs = {random_values(random, network.size_of(0))};
  const auto fast = Simulator::create(network.lowered, network.formats, {.seed = 5});
  const auto general = Simulator::create(network.lowered, network.formats, {.seed = 5, .force_rounded_path = true});
  ASSERT_EQ(fast.has_value(), general.has_value());
  if (!fast) return;
  const auto x = fast->run(inputs, 3), y = general->run(inputs, 3);
  ASSERT_EQ(x.has_value(), y.has_value()) << number;
  if (!x) {
    EXPECT_EQ(x.error().place, y.error().place);
    return;
  }
  for (std::size_t o = 0; o < x->size(); ++o) {
    for (std::size_t i = 0; i < (*x)[o].size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>((*x)[o][i].part[0]), std::bit_cast<std::uint64_t>((*y)[o][i].part[0]))
          << "network " << number << ", output " << o << ", element " << i << ": " << (*x)[o][i].part[0] << ", not " << (*y)[o][i].part[0];
    }
  }
}

TEST(Chain, EqualsTheGeneralPathNodeByNode) {
  for (const std::string& set : instruction_sets()) {
    ASSERT_TRUE(use_instruction_set(set));
    Random random(31);
    for (int number = 0; number < 250; ++number) {
      const auto network = make_chain(random);
      compare(*network, random, number);
      if (HasFatalFailure()) break;
    }
  }
  use_instruction_set("");
}

}  // namespace
}  // namespace halfulp::testing
