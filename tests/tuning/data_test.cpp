// Tuning over data sets: the proved share of samples, and the largest error of any sample.
#include <gtest/gtest.h>

#include "halfulp/tuning/tuning.hpp"
#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

DataSet samples(std::size_t count, std::size_t width, std::uint64_t seed) {
  testing::Numbers numbers(seed);
  DataSet data;
  for (std::size_t i = 0; i < count; ++i) data.samples.push_back({numbers.list(static_cast<std::int64_t>(width), 1)});
  return data;
}

DataAnalyzeOptions without_simulation() {
  DataAnalyzeOptions options;
  options.analyze.layer_errors = false;
  options.simulate = false;
  return options;
}

struct Case {
  Graph graph = testing::dense_net({6, 16, 16, 4}, 21);
  LoweredGraph lowered = *lower(graph);
  TuneInput input{.box = {}, .data = samples(120, 6, 5)};
};

TEST(TuneOverData, CertifiesTheShare) {
  const Case net;
  for (const double share : {0.5, 0.9, 0.97}) {
    TuneOptions options;
    options.certify_share = share;
    options.formats = {"fixed<2..32,*>"};
    const auto result = tune(net.lowered, net.input, options);
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->status, "proved");
    const auto again = analyze_data(net.lowered, result->formats, *net.input.data, without_simulation());
    ASSERT_TRUE(again);
    EXPECT_GE(again->proved_share, share);
    EXPECT_EQ(again->proved_share, *result->certified_share);
    ASSERT_TRUE(result->baseline);
    EXPECT_LE(result->cost, result->baseline->cost);
  }
}

TEST(TuneOverData, ErrorOfTheWorstSample) {
  const Case net;
  TuneOptions options;
  options.max_error = 1e-3;
  options.formats = {"fixed<2..32,*>"};
  const auto result = tune(net.lowered, net.input, options);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->status, "proved");
  const auto again = analyze_data(net.lowered, result->formats, *net.input.data, without_simulation());
  ASSERT_TRUE(again);
  EXPECT_LE(again->max_bound, 1e-3);
  ASSERT_TRUE(result->baseline);
  EXPECT_LT(result->cost, result->baseline->cost);
  // Single points are easier than the whole box around them.
  options.max_error = 1e-3;
  const auto boxed = tune(net.lowered, {.box = testing::unit_box(6), .data = {}}, options);
  ASSERT_TRUE(boxed);
  EXPECT_LE(result->cost, boxed->cost * 1.02);
}

TEST(TuneOverData, ImpossibleShareIsUnmet) {
  Case net;
  net.input.data->samples.resize(70);
  net.input.data->samples[3] = net.input.data->samples[4];
  TuneOptions options;
  options.certify_share = 1.0;
  options.formats = {"fixed<2..6,*>"};
  const auto result = tune(net.lowered, net.input, options);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, "unmet");
  ASSERT_TRUE(result->certified_share);
  EXPECT_LT(*result->certified_share, 1.0);
}

}  // namespace
}  // namespace halfulp
