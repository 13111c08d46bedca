// Runs a network in the simulator, on both accumulation paths, and in the oracle, and compares every value of every node.
#pragma once

#include <gtest/gtest.h>

#include "graphs.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "oracle.hpp"

namespace halfulp::testing {

struct Tally {
  int compared = 0;       // runs with equal values
  int refused = 0;        // runs where simulator and oracle agree that a value does not exist
  int bounded_out = 0;    // constants or widths that the simulator may refuse
  int exact_nodes = 0;    // accumulations proved exact by their formats
};

inline std::string describe(const Network& network) {
  std::string text;
  for (const auto& layer : layers_of(network.graph, network.formats)) {
    text += "\n  " + layer.name + ":";
    for (const auto& [role, format] : {std::pair{"input", layer.formats.input}, {"weight", layer.formats.weight}, {"bias", layer.formats.bias},
                                       {"product", layer.formats.product}, {"accumulator", layer.formats.accumulator},
                                       {"output", layer.formats.output}}) {
      if (format) text += std::string(" ") + role + "=" + format->name;
    }
    text += " order " + std::to_string(static_cast<int>(layer.formats.order.kind)) + "/" + std::to_string(layer.formats.order.block);
  }
  return text;
}

inline ::testing::AssertionResult same(const Expansion& simulated, const oracle::Number& expected) {
  if (!expected.is_finite()) {
    if (simulated.part[0] == expected.special) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "simulated " << simulated.part[0] << ", expected " << expected.special;
  }
  if (!std::isfinite(simulated.part[0])) return ::testing::AssertionFailure() << "simulated " << simulated.part[0] << ", expected a number";
  const mpq_class value = mpq_class(simulated.part[0]) + mpq_class(simulated.part[1]) + mpq_class(simulated.part[2]);
  if (value == expected.value) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "simulated " << value.get_str() << ", expected " << expected.value.get_str();
}

inline bool has_error_mode(const NodeFormats& formats) {
  for (const auto* format : {&formats.input, &formats.product, &formats.accumulator, &formats.output}) {
    if (*format && (*format)->overflow == OverflowMode::kError) return true;
  }
  return false;
}

// False when a comparison failed.
inline bool compare_with_oracle(const Network& network, const std::vector<std::vector<double>>& inputs, const SimulateOptions& options,
                                std::uint64_t sample, Tally& tally) {
  const auto simulator = Simulator::create(network.lowered, network.formats, options);
  if (!simulator) {
    EXPECT_EQ(simulator.error().code, "E0502") << simulator.error().message;
    ++tally.bounded_out;
    return simulator.error().code == "E0502";
  }
  tally.exact_nodes += static_cast<int>(simulator->exact_path_nodes().size());
  const auto simulated = simulator->run_all(inputs, sample);
  const oracle::Run expected = oracle::run(network.lowered, network.formats, inputs, options.seed, sample);
  if (expected.divided_by_zero || (!simulated && simulated.error().code == "E0501")) {
    ++tally.bounded_out;
    return true;
  }
  if (expected.undefined >= 0) {
    ++tally.refused;
    EXPECT_FALSE(simulated.has_value()) << describe(network);
    if (simulated) return false;
    const NodeFormats& formats = network.formats[static_cast<std::size_t>(expected.undefined)];
    EXPECT_EQ(simulated.error().code, has_error_mode(formats) ? "E0504" : "E0505");
    EXPECT_EQ(simulated.error().place, network.graph[expected.undefined].name) << describe(network);
    return !::testing::Test::HasFailure();
  }
  EXPECT_TRUE(simulated.has_value()) << (simulated ? "" : simulated.error().message) << describe(network);
  if (!simulated) return false;
  for (std::size_t id = 0; id < expected.nodes.size(); ++id) {
    if (network.graph.nodes[id].op == "constant") continue;
    for (std::size_t i = 0; i < expected.nodes[id].size(); ++i) {
      EXPECT_TRUE(same((*simulated)[id][i], expected.nodes[id][i]))
          << network.graph.nodes[id].name << " element " << i << (options.force_rounded_path ? " (rounded path)" : "") << describe(network);
    }
  }
  ++tally.compared;
  return !::testing::Test::HasFailure();
}

}  // namespace halfulp::testing
