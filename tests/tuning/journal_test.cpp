// A search that is cut off at any point and resumed ends like one that was not, whoever computes.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

#include "evaluation.hpp"
#include "halfulp/support/text.hpp"
#include "halfulp/tuning/tuning.hpp"
#include "journal.hpp"
#include "tuning/small_nets.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("halfulp_journal_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

struct Problem {
  Graph graph = testing::dense_net({4, 10, 10, 2}, 7);
  LoweredGraph lowered = *lower(graph);
  TuneInput box{.box = testing::unit_box(4), .data = {}};
  TuneInput data;

  Problem() {
    testing::Numbers numbers(11);
    data.data = DataSet{};
    for (int i = 0; i < 30; ++i) {
      data.data->samples.push_back({numbers.list(4, 1)});
      data.data->labels.push_back(i % 2);
    }
  }
};

TuneOptions plain(const std::string& strategy = "auto") {
  TuneOptions options;
  options.max_error = 1e-3;
  options.strategy = strategy;
  options.run_id = "run";
  options.seed = 5;
  return options;
}

std::string bytes_of(const Graph& graph, const TuneResult& result) {
  Schedule schedule;
  schedule.result.status = result.status;
  schedule.result.error_bound = round_up_text(result.error_bound);
  schedule.result.cost = result.costs;
  schedule.layers = layers_of(graph, result.formats);
  return write_schedule(schedule) + std::to_string(result.evaluations);
}

std::string tuned(const Problem& problem, const TuneInput& input, const TuneOptions& options) {
  const auto result = tune(problem.lowered, input, options);
  EXPECT_TRUE(result) << result.error().message;
  return result ? bytes_of(problem.graph, *result) : "";
}

TEST_F(JournalTest, CutOffAnywhereAndResumed) {
  const Problem problem;
  for (const auto& [strategy, input] : std::vector<std::pair<std::string, TuneInput>>{{"auto", problem.box}, {"greedy", problem.data}, {"evolution", problem.box}}) {
    TuneOptions options = plain(strategy);
    if (strategy == "evolution") options.evaluation_limit = 200;
    const std::string whole = tuned(problem, input, options);
    options.journal = path("run.jsonl");
    EXPECT_EQ(tuned(problem, input, options), whole) << strategy;
    const std::string text = *read_file(options.journal);
    testing::Numbers numbers(3);
    for (int cut = 0; cut < 6; ++cut) {
      const auto length = static_cast<std::size_t>((numbers.next() + 1) / 2 * static_cast<double>(text.size()));
      std::ofstream(options.journal, std::ios::binary) << text.substr(0, length);
      options.resume = true;
      EXPECT_EQ(tuned(problem, input, options), whole) << strategy << " cut at byte " << length;
      options.resume = false;
    }
  }
}

TEST_F(JournalTest, KilledFiveTimesAndResumed) {
  const Problem problem;
  TuneOptions options = plain();
  const std::string whole = tuned(problem, problem.box, options);
  options.journal = path("killed.jsonl");
  testing::Numbers numbers(17);
  for (int kill_number = 0; kill_number < 5; ++kill_number) {
    const pid_t child = fork();
    if (child == 0) {
      const auto result = tune(problem.lowered, problem.box, options);
      _exit(result ? 0 : 1);
    }
    ::usleep(static_cast<useconds_t>(2000 + 20000 * (numbers.next() + 1)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    options.resume = fs::exists(options.journal);
  }
  EXPECT_EQ(tuned(problem, problem.box, options), whole);
}

TEST_F(JournalTest, ResumedAnswersAreNotComputedAgain) {
  const Problem problem;
  TuneOptions options = plain();
  options.journal = path("run.jsonl");
  const auto first = tune(problem.lowered, problem.box, options);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->resumed, 0);
  options.resume = true;
  const auto size = fs::file_size(options.journal);
  const auto second = tune(problem.lowered, problem.box, options);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->resumed, second->evaluations);
  EXPECT_EQ(fs::file_size(options.journal), size);
}

TEST_F(JournalTest, DamagedLinesSayNothing) {
  const Problem problem;
  TuneOptions options = plain();
  const std::string whole = tuned(problem, problem.box, options);
  options.journal = path("run.jsonl");
  EXPECT_EQ(tuned(problem, problem.box, options), whole);
  std::string text = *read_file(options.journal);
  for (std::size_t at = 300; at < text.size(); at += 997) text[at] = text[at] == '\n' ? '\n' : '7';
  std::ofstream(options.journal, std::ios::binary) << text;
  options.resume = true;
  EXPECT_EQ(tuned(problem, problem.box, options), whole);
}

TEST_F(JournalTest, AnotherRunIsRefused) {
  const Problem problem;
  TuneOptions options = plain();
  options.journal = path("run.jsonl");
  ASSERT_TRUE(tune(problem.lowered, problem.box, options));
  options.resume = true;
  options.run_id = "another";
  EXPECT_EQ(tune(problem.lowered, problem.box, options).error().code, "E0803");
  std::ofstream(options.journal) << "layer,bits\n";
  EXPECT_EQ(tune(problem.lowered, problem.box, options).error().code, "E0803");
  options.journal = path("absent.jsonl");
  EXPECT_FALSE(tune(problem.lowered, problem.box, options));
}

TEST_F(JournalTest, AnyNumberOfThreads) {
  const Problem problem;
  for (const auto& [strategy, input] : std::vector<std::pair<std::string, TuneInput>>{{"auto", problem.box}, {"auto", problem.data}, {"evolution", problem.data}}) {
    TuneOptions options = plain(strategy);
    options.max_observed_error = input.data ? std::optional<double>(1e-4) : std::nullopt;
    if (strategy == "evolution") options.evaluation_limit = 150;
    const std::string alone = tuned(problem, input, options);
    for (const unsigned threads : {2U, 3U}) {
      const auto workers = make_workers(threads);
      options.workers = workers.get();
      EXPECT_EQ(tuned(problem, input, options), alone) << strategy << " with " << threads;
      options.workers = nullptr;
    }
  }
}

TEST(Evaluations, TextReadsBackAsTheSameNumbers) {
  Evaluation evaluation;
  evaluation.bound = INFINITY;
  evaluation.output_bounds = {0.1, 1e-300, INFINITY};
  evaluation.relative = 3.0000000000000004;
  evaluation.contributions = {{3, Role::kWeight, 1e-7}, {0, Role::kSlope, 0.5}};
  evaluation.overflows = {{.node = 4, .role = Role::kOutput, .needed = {-INFINITY, 2.5}, .format = "fixed<8,3>:wrap", .missing_bits = 2}};
  evaluation.proved = {true, false, true};
  evaluation.bounds = {1, 2, 3.5};
  evaluation.right = {false};
  evaluation.observed = {0, 1e-9};
  evaluation.seen_uses = {0.25};
  evaluation.uses = {INFINITY, 0, 0.7};
  evaluation.margin_use = 0.7;
  evaluation.margin_contributions = {{2, Role::kBias, 0.1}};
  evaluation.sample_contributions = {{}, {{1, Role::kWeight, 0.3}, {2, Role::kBias, 0.2}}, {}};
  const std::string text = to_text(evaluation);
  const auto back = evaluation_of(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_text(*back), text);
  EXPECT_EQ(back->contributions[1].role, Role::kSlope);
  EXPECT_EQ(back->overflows[0].needed.lo, -INFINITY);
  EXPECT_EQ(back->proved, evaluation.proved);
  for (std::size_t length = 0; length < text.size(); ++length) EXPECT_FALSE(evaluation_of(text.substr(0, length))) << length;
}

}  // namespace
}  // namespace halfulp
