// Emitted plain C++ against the simulator: equal output codes on 1,000 inputs each.
#include "compile.hpp"
#include "networks.hpp"

namespace halfulp::test {
namespace {

constexpr const char* kFlags = "-Wextra -Werror";

struct Case {
  const char* name;
  Graph (*graph)(std::uint64_t);
  Family family;
};

class CppGolden : public ::testing::TestWithParam<Case> {};

TEST_P(CppGolden, EqualsTheSimulator) {
  for (std::uint64_t stream = 1; stream <= 2; ++stream) {
    const Graph graph = GetParam().graph(stream);
    const Schedule schedule = random_schedule(graph, GetParam().family, 10 * stream + static_cast<std::uint64_t>(GetParam().family));
    expect_bit_exact(graph, schedule, "cpp", GetParam().name + std::to_string(stream), kFlags);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks, CppGolden,
    ::testing::Values(Case{"mlp_fixed", multilayer_perceptron, Family::kFixed},
                      Case{"mlp_small_float", multilayer_perceptron, Family::kSmallFloat},
                      Case{"mlp_wide_float", multilayer_perceptron, Family::kWideFloat},
                      Case{"mlp_mixed", multilayer_perceptron, Family::kMixed},
                      Case{"conv_fixed", convolutional, Family::kFixed},
                      Case{"conv_small_float", convolutional, Family::kSmallFloat},
                      Case{"conv_wide_float", convolutional, Family::kWideFloat},
                      Case{"conv_mixed", convolutional, Family::kMixed},
                      Case{"conv_wide", convolutional, Family::kWide},
                      Case{"residual_fixed", residual, Family::kFixed},
                      Case{"residual_small_float", residual, Family::kSmallFloat},
                      Case{"residual_wide_float", residual, Family::kWideFloat},
                      Case{"residual_mixed", residual, Family::kMixed}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace halfulp::test
