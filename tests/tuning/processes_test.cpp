// Two MPI processes end with the same schedule, byte for byte, as one. This program starts itself again under mpirun.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "halfulp/support/text.hpp"
#include "halfulp/tuning/tuning.hpp"
#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;

// Over the box and over samples, one text.
std::string schedules(Workers* workers) {
  const Graph graph = testing::dense_net({4, 10, 10, 2}, 7);
  const LoweredGraph lowered = *lower(graph);
  testing::Numbers numbers(11);
  DataSet data;
  for (int i = 0; i < 25; ++i) data.samples.push_back({numbers.list(4, 1)});
  std::string text;
  for (const TuneInput& input : {TuneInput{.box = testing::unit_box(4), .data = {}}, TuneInput{.box = {}, .data = data}}) {
    TuneOptions options;
    options.max_error = 1e-3;
    options.workers = workers;
    const auto result = tune(lowered, input, options);
    if (!result) return result.error().message;
    Schedule schedule;
    schedule.result.status = result->status;
    schedule.result.error_bound = round_up_text(result->error_bound);
    schedule.layers = layers_of(graph, result->formats);
    text += write_schedule(schedule) + std::to_string(result->evaluations) + "\n";
  }
  return text;
}

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

TEST(Processes, DISABLED_Worker) {
  const char* out = std::getenv("HALFULP_TEST_OUT");
  ASSERT_NE(out, nullptr);
  const auto workers = make_workers(1);
  const std::string text = "slots " + std::to_string(workers->slots()) + "\n" + schedules(workers.get());
  if (workers->rank() != 0) return;
  ASSERT_TRUE(write_file_atomic(out, text));
}

TEST(Processes, TwoEndLikeOne) {
  if (std::system("command -v mpirun >/dev/null 2>&1") != 0) GTEST_SKIP() << "no mpirun";
  const fs::path out = fs::temp_directory_path() / ("halfulp_processes_" + std::to_string(::getpid()));
  const std::string command = "HALFULP_TEST_OUT=" + quoted(out) + " mpirun --allow-run-as-root --oversubscribe -n 2 " +
                              quoted(fs::read_symlink("/proc/self/exe")) +
                              " --gtest_also_run_disabled_tests --gtest_filter=Processes.DISABLED_Worker >/dev/null 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto together = read_file(out.string());
  fs::remove(out);
  ASSERT_TRUE(together);
  if (together->starts_with("slots 1\n")) GTEST_SKIP() << "built without MPI";
  EXPECT_EQ(*together, "slots 2\n" + schedules(nullptr));
}

}  // namespace
}  // namespace halfulp
