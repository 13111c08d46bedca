// An analysis over samples is the same, bit for bit, for any number of threads and processes. This program starts itself again under
// mpirun.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "data_part.hpp"
#include "halfulp/support/text.hpp"
#include "support/graph_builder.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;

// Everything but seconds, over samples of some random networks.
std::string results(unsigned threads, Workers* workers) {
  std::string text;
  for (const std::uint64_t seed : {3, 8, 21}) {
    test::RandomGraph random(seed);
    const Graph graph = random.make();
    const FormatAssignment formats = random.formats(graph);
    const auto lowered = lower(graph);
    DataSet data;
    data.radius = seed == 8 ? 0.01 : 0;
    for (int i = 0; i < 23; ++i) {
      auto& sample = data.samples.emplace_back();
      for (const NodeId input : graph.inputs) {
        auto& values = sample.emplace_back();
        for (std::int64_t e = 0; e < element_count(graph[input].shape); ++e) values.push_back(random.uniform(-1, 1));
      }
    }
    const auto analysis = analyze_data(*lowered, formats, data, {.analyze = {}, .threads = threads, .stop_below_share = {}, .margins = seed == 21, .workers = workers});
    if (!analysis) return analysis.error().message;
    DataPart all{.done = {}, .verdicts = analysis->samples, .hull = analysis->hull, .overflows = analysis->overflows,
                 .contributions = analysis->contributions, .max_bound = analysis->max_bound};
    for (std::size_t i = 0; i < all.verdicts.size(); ++i) all.done.push_back(i);
    for (SampleVerdict& verdict : all.verdicts) verdict.seconds = 0;
    text += encode_part(all) + std::to_string(analysis->proved_share) + std::to_string(analysis->mean_bound);
  }
  return text;
}

TEST(Data, ThreadsDoNotChangeTheResult) {
  const std::string alone = results(1, nullptr);
  EXPECT_GT(alone.size(), 1000U);
  for (const unsigned threads : {2U, 5U}) EXPECT_TRUE(results(threads, nullptr) == alone) << threads;
}

TEST(Data, PartsSurviveTheirBytes) {
  DataPart part{.done = {4}, .verdicts = {{.real_class = 2, .argmax_proved = true, .argmax_observed = false, .error_bound = 0.5, .observed_error = 0.25, .seconds = 1, .margin_use = 0.75,
                                              .margin_contributions = {{.node = 2, .role = Role::kBias, .amount = 0.5}}}},
                .hull = {{.real = {Interval(1, 2)}, .deployed = {Interval(0, 3)}, .error = {Interval(-1, 1)}}, {}},
                .overflows = {{.node = 1, .role = Role::kAccumulator, .needed = {-3, 4}, .format = "fixed<4,2>", .missing_bits = 2}},
                .contributions = {{.node = 1, .role = Role::kWeight, .amount = 0.125}}, .max_bound = 0.5, .worst_sample = 4, .failed_sample = 7,
                .error = {.code = "E0001", .message = "m", .place = "p", .notes = {"n"}, .helps = {"h", "g"}, .exit_code = ExitCode::kInternal}};
  const std::string bytes = encode_part(part);
  const auto read = decode_part(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(encode_part(*read), bytes);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(decode_part(bytes.substr(0, cut))) << cut;
}

TEST(Data, DISABLED_Worker) {
  const char* out = std::getenv("HALFULP_TEST_OUT");
  ASSERT_NE(out, nullptr);
  const auto workers = make_workers(2);
  const std::string text = "processes " + std::to_string(workers->processes()) + "\n" + results(2, workers.get());
  if (workers->rank() != 0) return;
  ASSERT_TRUE(write_file_atomic(out, text));
}

TEST(Data, ProcessesDoNotChangeTheResult) {
  if (std::system("command -v mpirun >/dev/null 2>&1") != 0) GTEST_SKIP() << "no mpirun";
  const fs::path out = fs::temp_directory_path() / ("halfulp_data_" + std::to_string(::getpid()));
  const std::string command = "HALFULP_TEST_OUT='" + out.string() + "' mpirun --allow-run-as-root --oversubscribe -n 3 '" +
                              fs::read_symlink("/proc/self/exe").string() +
                              "' --gtest_also_run_disabled_tests --gtest_filter=Data.DISABLED_Worker >/dev/null 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto together = read_file(out.string());
  fs::remove(out);
  ASSERT_TRUE(together);
  if (together->starts_with("processes 1\n")) GTEST_SKIP() << "built without MPI";
  EXPECT_TRUE(*together == "processes 3\n" + results(1, nullptr));
}

}  // namespace
}  // namespace halfulp
