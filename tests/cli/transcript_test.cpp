// Transcripts: `$ command` lines, each followed by all that it prints and, unless it is 0, by its exit code in brackets.
// HALFULP_UPDATE_TRANSCRIPTS=1 rewrites the files from what the command prints now; read the difference before committing it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/command_line.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing_support::CommandLine;
using testing_support::environment;

// transcripts/ needs the command only, transcripts_model/ the process that reads models too.
std::vector<std::string> transcript_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path all = fs::path(environment("HALFULP_SOURCE")) / "tests/cli" / folder;
  for (const auto& entry : fs::directory_iterator(all, error)) names.push_back(folder + "/" + entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string replay(const CommandLine& shell, const std::string& transcript) {
  std::string out;
  for (const auto& line : lines_of(transcript)) {
    if (!line.starts_with("$ ")) continue;
    const auto run = shell.run(line.substr(2), true);
    out += line + "\n" + run.out;
    if (run.exit_code != 0) out += "[exit " + std::to_string(run.exit_code) + "]\n";
    out += "\n";
  }
  return out;
}

bool reads_models() {
  const fs::path beside = fs::path(environment("HALFULP_BINARY")).parent_path() / "halfulp-ingest";
  return !environment("HALFULP_INGEST").empty() || fs::exists(beside);
}

class Transcript : public ::testing::TestWithParam<std::string> {};

TEST_P(Transcript, IsWhatTheCommandPrints) {
  if (GetParam().starts_with("transcripts_model") && !reads_models()) GTEST_SKIP() << "built without LibTorch";
  ASSERT_TRUE(fs::exists(environment("HALFULP_BINARY")));
  const fs::path path = fs::path(environment("HALFULP_SOURCE")) / "tests/cli" / (GetParam() + ".txt");
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  const std::string expected = text.str();
  const std::string actual = replay(CommandLine(), expected);
  if (!environment("HALFULP_UPDATE_TRANSCRIPTS").empty()) std::ofstream(path) << actual;
  EXPECT_NE(expected.find("$ halfulp"), std::string::npos);
  EXPECT_EQ(actual, expected);
}

std::string test_name(const ::testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Transcript, ::testing::ValuesIn(transcript_names("transcripts")), test_name);
INSTANTIATE_TEST_SUITE_P(Model, Transcript, ::testing::ValuesIn(transcript_names("transcripts_model")), test_name);

TEST(Transcripts, AreThere) {
  EXPECT_GE(transcript_names("transcripts").size(), 4u);
  EXPECT_GE(transcript_names("transcripts_model").size(), 2u);
}

}  // namespace
}  // namespace halfulp
