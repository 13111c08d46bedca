// The lowered graph, run in float64, gives what torch's forward gave for the same input.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "halfulp/ingest/ingest.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "halfulp/support/npy.hpp"
#include "ingest/manifest.hpp"

namespace halfulp {
namespace {

TEST(Numeric, EqualsTorchForward) {
  const std::string folder = test::environment("HALFULP_INGEST_MODELS") + "/";
  const auto rows = test::rows_of("accepted.txt");
  ASSERT_GT(rows.size(), 40u);
  for (const auto& row : rows) {
    SCOPED_TRACE(row[0]);
    const auto graph = ingest({.path = folder + row[0] + ".pt", .input_shapes = test::shapes_of(row[1])});
    if (!graph) {
      ADD_FAILURE() << graph.error().message;
      continue;
    }
    const auto lowered = lower(*graph);
    ASSERT_TRUE(lowered) << lowered.error().message;
    std::vector<std::vector<double>> inputs;
    for (std::size_t i = 0; i < graph->inputs.size(); ++i) {
      inputs.push_back(read_npy(folder + row[0] + ".in" + std::to_string(i) + ".npy")->data);
    }
    const auto outputs = run_float(*lowered, inputs);
    ASSERT_EQ(outputs.size(), graph->outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto expected = read_npy(folder + row[0] + ".out" + std::to_string(i) + ".npy");
      ASSERT_TRUE(expected);
      ASSERT_EQ(outputs[i].size(), expected->data.size());
      for (std::size_t k = 0; k < outputs[i].size(); ++k) {
        EXPECT_NEAR(outputs[i][k], expected->data[k], 1e-12 * std::max(1.0, std::abs(expected->data[k]))) << i << " " << k;
      }
    }
  }
}

}  // namespace
}  // namespace halfulp
