// Gappa proves the exported claims. Skipped where the program is not installed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "halfulp/analysis/gappa.hpp"
#include "halfulp/support/text.hpp"
#include "support/graph_builder.hpp"

namespace halfulp {
namespace {

using test::GraphBuilder;
using test::RandomGraph;

bool have_gappa() { return std::system("gappa --version > /dev/null 2>&1") == 0; }

// Whether Gappa proves every goal of the script.
bool proves(const std::string& script) {
  const auto folder = std::filesystem::temp_directory_path() / ("halfulp-gappa-" + std::to_string(std::hash<std::string>{}(script)));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "script.g").string();
  EXPECT_TRUE(write_file_atomic(path, script));
  const int status = std::system(("timeout 120 gappa " + path + " > " + path + ".log 2>&1").c_str());
  std::filesystem::remove_all(folder);
  return status == 0;
}

// sum_k w_k x_k, |x| <= 1, products and additions rounded to `format`, weights too.
struct Dot {
  Graph graph;
  FormatAssignment formats;
  InputBox box;
};

Dot dot(int length, const std::string& format, SummationOrder order, std::uint64_t seed) {
  RandomGraph random(seed);
  GraphBuilder b;
  std::vector<double> weights;
  for (int k = 0; k < length; ++k) weights.push_back(std::round(1e6 * random.uniform(-1, 1)) / 1e6);
  const NodeId x = b.input({1, length});
  const NodeId y = b.add("linear", {x, b.constant({1, length}, weights)}, {1, 1});
  b.graph.outputs = {y};
  Dot result{b.graph, FormatAssignment(b.graph.nodes.size()), {std::vector<Interval>(static_cast<std::size_t>(length), Interval(-1, 1))}};
  NodeFormats& f = result.formats[static_cast<std::size_t>(y)];
  f.weight = f.product = f.accumulator = f.output = *parse_format(format);
  f.order = order;
  result.formats[static_cast<std::size_t>(x)].input = *parse_format(format);
  return result;
}

void expect_proved(const Graph& graph, const FormatAssignment& formats, const InputBox& box, const std::string& what) {
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  const auto script = gappa_script(*lowered, formats, box);
  ASSERT_TRUE(script) << script.error().message;
  EXPECT_TRUE(proves(*script)) << what << "\n" << (script->size() < 4000 ? *script : "");
}

TEST(Gappa, ProvesDotProducts) {
  if (!have_gappa()) GTEST_SKIP() << "gappa is not installed";
  const SummationOrder orders[] = {{}, {SummationOrder::Kind::kBlocked, 4}, {SummationOrder::Kind::kTree, 0}};
  for (const int length : {4, 8, 16, 32, 64}) {
    const Dot one = dot(length, "fp32", orders[0], 1);
    expect_proved(one.graph, one.formats, one.box, "fp32 " + std::to_string(length));
  }
  for (const int length : {4, 16}) {
    for (const auto& order : orders) {
      const Dot one = dot(length, "fixed<24,8>", order, 2);
      expect_proved(one.graph, one.formats, one.box, "fixed " + std::to_string(length));
    }
  }
}

Dot small_network(const std::string& format) {
  RandomGraph random(5);
  GraphBuilder b;
  const NodeId x = b.input({1, 2});
  const NodeId z = b.add("linear", {x, b.constant({2, 2}, {0.75, -0.6, 0.4, 0.9}), b.constant({2}, {0.1, -0.2})}, {1, 2});
  const NodeId h = b.add("relu", {z}, {1, 2});
  const NodeId y = b.add("linear", {h, b.constant({1, 2}, {1.3, -0.7}), b.constant({1}, {0.05})}, {1, 1});
  b.graph.outputs = {y};
  Dot result{b.graph, uniform_assignment(b.graph, *parse_format(format)), {{Interval(-1, 1), Interval(-1, 1)}}};
  for (const NodeId node : {z, y}) result.formats[static_cast<std::size_t>(node)].accumulator = *parse_format(format);
  return result;
}

TEST(Gappa, ProvesANetworkWithOpenRelus) {
  if (!have_gappa()) GTEST_SKIP() << "gappa is not installed";
  for (const char* format : {"fp32", "fixed<16,4>"}) {
    const Dot one = small_network(format);
    expect_proved(one.graph, one.formats, one.box, format);
  }
}

TEST(Gappa, DoesNotProveHalfTheBound) {
  if (!have_gappa()) GTEST_SKIP() << "gappa is not installed";
  const Dot one = dot(8, "fp32", {}, 1);
  const auto lowered = lower(one.graph);
  std::string script = *gappa_script(*lowered, one.formats, one.box);
  const std::size_t goal = script.rfind(" in [");
  ASSERT_NE(goal, std::string::npos);
  const double bound = analyze_box(*lowered, one.formats, one.box, {.method = Method::kInterval})->max_error;
  script.replace(goal, script.rfind(']') - goal + 1, " in [-" + shortest(bound / 4) + ", " + shortest(bound / 4) + "]");
  EXPECT_FALSE(proves(script));
}

TEST(Gappa, RefusesWhatItDoesNotCover) {
  GraphBuilder b;
  const NodeId x = b.input({1, 2});
  b.graph.outputs = {b.add("tanh", {x}, {1, 2})};
  const auto lowered = lower(b.graph);
  const auto script = gappa_script(*lowered, uniform_assignment(b.graph, make_fixed(16, 4)), {{Interval(-1, 1), Interval(-1, 1)}});
  ASSERT_FALSE(script);
  EXPECT_EQ(script.error().code, "E0631");
}

}  // namespace
}  // namespace halfulp
