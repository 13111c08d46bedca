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

fs::path transcript_folder() { return fs::path(environment("HALFULP_SOURCE")) / "tests/cli/transcripts"; }

std::vector<std::string> transcript_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(transcript_folder(), error)) names.push_back(entry.path().stem().string());
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

class Transcript : public ::testing::TestWithParam<std::string> {};

TEST_P(Transcript, IsWhatTheCommandPrints) {
  const fs::path path = transcript_folder() / (GetParam() + ".txt");
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  const std::string expected = text.str();
  const std::string actual = replay(CommandLine(), expected);
  if (!environment("HALFULP_UPDATE_TRANSCRIPTS").empty()) std::ofstream(path) << actual;
  EXPECT_NE(expected.find("$ halfulp"), std::string::npos);
  EXPECT_EQ(actual, expected);
}

INSTANTIATE_TEST_SUITE_P(Each, Transcript, ::testing::ValuesIn(transcript_names()), [](const auto& test) {
  std::string name = test.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(Transcripts, AreThere) { EXPECT_GE(transcript_names().size(), 4u); }

}  // namespace
}  // namespace halfulp
