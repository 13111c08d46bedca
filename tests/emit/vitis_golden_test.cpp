// Emitted Vitis sources, compiled with public ap_fixed headers, against the simulator: equal output codes on 1,000 inputs each.
#include <cstdlib>

#include "compile.hpp"
#include "networks.hpp"

namespace halfulp::test {
namespace {

// The folder of ap_fixed.h; empty where it cannot be had.
const std::string& ap_types() {
  static const std::string folder = [] {
    const std::string scratch = HALFULP_EMIT_SCRATCH;
    const Outcome fetched = run(HALFULP_EMIT_SOURCE "/fetch_ap_types.sh '" + scratch + "'");
    return fetched.exit_code == 0 ? scratch + "/ap_types" : std::string();
  }();
  return folder;
}

struct Case {
  const char* name;
  Graph (*graph)(std::uint64_t);
  Family family;
};

class VitisGolden : public ::testing::TestWithParam<Case> {};

TEST_P(VitisGolden, EqualsTheSimulator) {
  if (ap_types().empty()) GTEST_SKIP() << "the ap_types headers cannot be downloaded";
  const std::uint64_t stream = 3;
  const Graph graph = GetParam().graph(stream);
  const Schedule schedule = random_schedule(graph, GetParam().family, 50 + static_cast<std::uint64_t>(GetParam().family));
  expect_bit_exact(graph, schedule, "vitis", GetParam().name, "-Wno-unknown-pragmas -isystem '" + ap_types() + "'");
}

INSTANTIATE_TEST_SUITE_P(Networks, VitisGolden,
                         ::testing::Values(Case{"mlp_fixed", multilayer_perceptron, Family::kFixed},
                                           Case{"mlp_mixed", multilayer_perceptron, Family::kMixed},
                                           Case{"conv_fixed", convolutional, Family::kFixed},
                                           Case{"conv_small_float", convolutional, Family::kSmallFloat},
                                           Case{"conv_mixed", convolutional, Family::kMixed},
                                           Case{"conv_wide", convolutional, Family::kWide},
                                           Case{"residual_fixed", residual, Family::kFixed},
                                           Case{"residual_wide_float", residual, Family::kWideFloat}),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace halfulp::test
