// Results on standard output, everything else on standard error; nothing half-written; closed pipes and full disks.
#include <gtest/gtest.h>

#include "cli/command_line.hpp"
#include "halfulp/report/json.hpp"
#include "halfulp/support/npy.hpp"

namespace halfulp {
namespace {

using testing_support::CommandLine;

TEST(Streams, JsonResultsAreOneObjectAndNothingElse) {
  const CommandLine shell;
  for (const char* line : {"halfulp formats --format json", "halfulp --format json formats e4m3 --round 0.1", "halfulp explain --format=json",
                           "halfulp round a.npy --to e4m3 -o b.npy --format json", "halfulp compare a.toml b.toml --format json"}) {
    const auto run = shell.run(line);
    const auto json = parse_json(run.out, line);
    ASSERT_TRUE(json.has_value()) << line << run.out;
    EXPECT_TRUE((*json)["schema"].text().starts_with("halfulp.")) << line;
  }
}

TEST(Streams, AClosedPipeIsNoError) {
  const auto run = CommandLine().run("{ halfulp formats --format json; echo \"exit $?\" >&2; } | true");
  EXPECT_EQ(run.err, "exit 0\n");
}

TEST(Streams, AFullDiskIsAnError) {
  const auto run = CommandLine().run("halfulp formats > /dev/full");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("E0103"), std::string::npos) << run.err;
}

TEST(Streams, ColourOnlyWhenAskedForOrOnATerminal) {
  const CommandLine shell;
  EXPECT_EQ(shell.run("halfulp nothing").err.find('\x1b'), std::string::npos);
  EXPECT_EQ(shell.run("halfulp formats e4m9 --color auto").err.find('\x1b'), std::string::npos);
  EXPECT_NE(shell.run("halfulp formats e4m9 --color always").err.find('\x1b'), std::string::npos);
}

TEST(Streams, ControlBytesNeverReachTheTerminal) {
  const auto run = CommandLine().run("halfulp \"$(printf 'x\\033[31m')\"");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err.find('\x1b'), std::string::npos);
}

TEST(Outputs, NothingIsLeftWhereWritingFails) {
  const CommandLine shell;
  EXPECT_EQ(shell.run("halfulp round a.npy --to e4m3 -o missing/b.npy").exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(shell.folder() / "work/missing"));
  EXPECT_EQ(shell.run("halfulp round a.npy --to e4m3:error -o c.npy").exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(shell.folder() / "work/c.npy"));
  EXPECT_EQ(shell.run("ls | grep -c tmp").out, "0\n");
}

TEST(Outputs, RoundWritesTheRoundedValues) {
  const CommandLine shell;
  ASSERT_EQ(shell.run("halfulp round a.npy --to e4m3 -o b.npy").exit_code, 0);
  const auto tensor = read_npy((shell.folder() / "work/b.npy").string());
  ASSERT_TRUE(tensor.has_value());
  EXPECT_EQ(tensor->data, (std::vector<double>{0.1015625, 448, -3, 5, 0}));
}

TEST(Outputs, StochasticRoundingRepeatsWithItsSeed) {
  const CommandLine shell;
  const std::string line = "halfulp round a.npy --to 'fixed<8,3>:stochastic<8>' -q";
  shell.run(line + " --seed 7 -o p.npy; " + line + " --seed 7 -o q.npy");
  EXPECT_EQ(shell.run("cmp p.npy q.npy").exit_code, 0);
}

}  // namespace
}  // namespace halfulp
