// What emit() refuses, that it then writes nothing, and the test bench's own behaviour.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "compile.hpp"
#include "halfulp/support/text.hpp"
#include "networks.hpp"

namespace halfulp::test {
namespace {

namespace fs = std::filesystem;

Format format(const std::string& spelling) { return parse_format(spelling).value(); }

// x (1, 3) -> op, with both formats given.
Graph one_operator(const std::string& op, std::map<std::string, Attribute> attributes = {}) {
  NetworkBuilder b(5);
  b.graph.outputs = {b.same(op, b.input({1, 3}), std::move(attributes))};
  return b.graph;
}

Schedule both(const Graph& graph, const std::string& input, const std::string& output) {
  Schedule schedule;
  ScheduleLayer x{graph.nodes[0].name, {}}, y{graph.nodes[1].name, {}};
  x.formats.input = format(input);
  y.formats.output = format(output);
  schedule.layers = {x, y};
  return schedule;
}

Result<EmittedFiles> emit_to(const Graph& graph, const Schedule& schedule, EmitOptions options) {
  const auto lowered = lower(graph);
  if (!lowered) return fail(lowered.error());
  return emit(*lowered, schedule, options);
}

void expect_refused(const Graph& graph, const Schedule& schedule, const std::string& code, const std::string& mention) {
  EmitOptions options;
  options.output_folder = fresh_folder("refused");
  const auto files = emit_to(graph, schedule, options);
  ASSERT_FALSE(files.has_value());
  EXPECT_EQ(files.error().code, code) << files.error().message;
  EXPECT_NE(files.error().message.find(mention), std::string::npos) << files.error().message;
  EXPECT_FALSE(files.error().helps.empty());
  EXPECT_FALSE(fs::exists(options.output_folder));
}

TEST(Refusals, InputWithoutFormat) {
  const Graph graph = one_operator("relu");
  Schedule schedule = both(graph, "fixed<8,3>", "fixed<8,3>");
  schedule.layers.erase(schedule.layers.begin());
  expect_refused(graph, schedule, "E0701", "role 'input'");
}

TEST(Refusals, Softmax) {
  const Graph graph = one_operator("softmax", {{"dim", std::int64_t{1}}});
  expect_refused(graph, both(graph, "fixed<8,3>", "ufixed<8,1>"), "E0702", "softmax");
}

TEST(Refusals, StochasticRounding) {
  const Graph graph = one_operator("relu");
  expect_refused(graph, both(graph, "fixed<8,3>", "fixed<6,3>:stochastic<8>"), "E0702", "stochastic");
}

TEST(Refusals, FamiliesWithoutTemplates) {
  const Graph graph = one_operator("relu");
  for (const char* spelling : {"posit<8,1>", "takum<8>", "lns<8,4>", "e8m0", "dw<bf16>", "int<8>", "int<8>@channel", "dynamic-fixed<8>", "bfp<8,16>",
                               "mx<e4m3,32>", "nvfp4"}) {
    expect_refused(graph, both(graph, spelling, "fixed<8,3>"), "E0702", "only fixed and float");
    expect_refused(graph, both(graph, "fixed<8,3>", spelling), "E0702", "only fixed and float");
  }
}

TEST(Refusals, WiderThanOneWord) {
  const Graph graph = one_operator("relu");
  expect_refused(graph, both(graph, "fixed<80,3>", "fixed<8,3>"), "E0702", "64 bits");
}

TEST(Refusals, TableOfAWideInput) {
  const Graph graph = one_operator("tanh");
  expect_refused(graph, both(graph, "fixed<17,3>", "fixed<8,3>"), "E0702", "too wide");
}

TEST(Refusals, ExactSumThatOutgrowsAWord) {
  NetworkBuilder b(6);
  const NodeId x = b.input({1, 3});
  b.graph.outputs = {b.add("add", {x, x}, {1, 3})};
  Schedule schedule = both(b.graph, "bf16", "bf16");
  schedule.layers.pop_back();
  expect_refused(b.graph, schedule, "E0701", "bits");
}

TEST(Refusals, UnknownBackendAndBadName) {
  const Graph graph = one_operator("relu");
  const Schedule schedule = both(graph, "fixed<8,3>", "fixed<8,3>");
  EmitOptions options;
  options.output_folder = fresh_folder("refused");
  options.backend = "vitus";
  const auto backend = emit_to(graph, schedule, options);
  ASSERT_FALSE(backend.has_value());
  EXPECT_EQ(backend.error().helps, std::vector<std::string>{"did you mean 'vitis'?"});
  options.backend = "cpp";
  options.top = "2nd net";
  EXPECT_EQ(emit_to(graph, schedule, options).error().code, "E0706");
  EXPECT_FALSE(fs::exists(options.output_folder));
}

TEST(Folder, OverwritesOnlyWhenAskedAndKeepsOtherFiles) {
  const Graph graph = one_operator("relu");
  const Schedule schedule = both(graph, "fixed<8,3>", "fixed<8,3>");
  EmitOptions options;
  options.output_folder = fresh_folder("folder");
  fs::create_directories(options.output_folder);
  std::ofstream(options.output_folder + "/mine.txt") << "mine";
  EXPECT_EQ(emit_to(graph, schedule, options).error().code, "E0703");
  EXPECT_EQ(std::distance(fs::directory_iterator(options.output_folder), {}), 1);
  options.overwrite = true;
  const auto files = emit_to(graph, schedule, options);
  ASSERT_TRUE(files.has_value()) << files.error().message;
  for (const std::string& path : files->paths) EXPECT_TRUE(fs::exists(path)) << path;
  EXPECT_EQ(read_file(options.output_folder + "/mine.txt").value(), "mine");
  EXPECT_FALSE(fs::exists(options.output_folder + ".partial"));
}

TEST(Folder, UnwritableParent) {
  const Graph graph = one_operator("relu");
  EmitOptions options;
  options.output_folder = fresh_folder("file") + "/inside";
  std::ofstream(fs::path(options.output_folder).parent_path()) << "a file, not a folder";
  const auto files = emit_to(graph, both(graph, "fixed<8,3>", "fixed<8,3>"), options);
  ASSERT_FALSE(files.has_value());
  EXPECT_EQ(files.error().code, "E0103");
}

// Names that C++ or the emitted files use themselves; the claim and the hashes stand in the header.
TEST(TestBench, ReadsCodesAndDetectsAWrongOne) {
  Graph graph = one_operator("relu");
  graph.nodes[0].name = "in";
  graph.nodes[1].name = "class";
  graph.model_sha256 = std::string(64, 'a');
  Schedule schedule = both(graph, "fixed<8,3>", "fixed<6,3>");
  schedule.result.status = "proved";
  schedule.result.error_bound = "0.0625";
  EmitOptions options;
  options.output_folder = fresh_folder("bench");
  ASSERT_TRUE(emit_to(graph, schedule, options).has_value());
  const std::string header = read_file(options.output_folder + "/network.hpp").value();
  EXPECT_NE(header.find("0.0625 (proved)"), std::string::npos) << header;
  EXPECT_NE(header.find(graph.model_sha256), std::string::npos);
  ASSERT_EQ(compile_bench(options.output_folder, "network", "-Werror").exit_code, 0);

  // fixed<8,3> has 5 fraction bits, fixed<6,3> 3: 127 saturates, 6 / 4 ties to even.
  const std::string bench = options.output_folder + "/bench";
  const Outcome out = run("printf '%s\\n' '-5 127 6' '40 41 10' | " + bench + " --stdin");
  EXPECT_EQ(out.text, "0 31 2\n10 10 2\n");
  EXPECT_EQ(run("echo '1 x 2' | " + bench + " --stdin").exit_code, 2);
  EXPECT_EQ(run(bench + " --file /nonexistent").exit_code, 2);
  EXPECT_EQ(run(bench).exit_code, 0);

  const std::string vectors = options.output_folder + "/network_tb_vectors.hpp";
  std::string text = read_file(vectors).value();
  text.replace(text.rfind('{') + 1, 0, "33 - ");
  ASSERT_TRUE(write_file_atomic(vectors, text).has_value());
  ASSERT_EQ(compile_bench(options.output_folder, "network", "").exit_code, 0);
  EXPECT_EQ(run(bench).exit_code, 1);
}

}  // namespace
}  // namespace halfulp::test
