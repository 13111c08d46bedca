// What holds for every command of the table: help in both lengths, examples, completion in every shell, a manual page.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "cli/command_line.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

using testing_support::CommandLine;
using testing_support::environment;

std::vector<std::string> command_names(const CommandLine& shell) {
  std::vector<std::string> names;
  std::istringstream overview(shell.run("halfulp --help").out);
  bool listing = false;
  for (std::string line; std::getline(overview, line);) {
    if (listing && line.empty()) break;
    if (listing) names.push_back(line.substr(2, line.find(' ', 2) - 2));
    listing = listing || line == "commands:";
  }
  return names;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(EveryCommand, HasHelpWithTwoExamples) {
  const CommandLine shell;
  const auto names = command_names(shell);
  ASSERT_GE(names.size(), 5u);
  for (const auto& name : names) {
    const auto brief = shell.run("halfulp " + name + " -h");
    const auto full = shell.run("halfulp " + name + " --help");
    EXPECT_EQ(brief.exit_code, 0) << name;
    EXPECT_EQ(full.exit_code, 0) << name;
    EXPECT_TRUE(brief.err.empty() && full.err.empty()) << name;
    EXPECT_GT(full.out.size(), brief.out.size()) << name;
    const auto examples = brief.out.substr(brief.out.find("\nexamples:\n"));
    EXPECT_EQ(occurrences(examples, "\n      "), 2u) << examples;
    const bool is_topic_too = name == "formats";
    EXPECT_EQ(shell.run("halfulp help " + name).out == full.out, !is_topic_too) << name;
  }
}

TEST(EveryCommand, IsInEveryCompletionAndInTheManual) {
  const CommandLine shell;
  for (const char* source : {"completion bash", "completion zsh", "completion fish", "help --man"}) {
    const auto text = shell.run(std::string("halfulp ") + source);
    EXPECT_EQ(text.exit_code, 0);
    for (const auto& name : command_names(shell)) EXPECT_NE(text.out.find(name), std::string::npos) << source << " " << name;
  }
}

TEST(EveryCommand, RefusesAnUnknownOption) {
  const CommandLine shell;
  for (const auto& name : command_names(shell)) {
    const auto run = shell.run("halfulp " + name + " --fromat json");
    EXPECT_EQ(run.exit_code, 2) << name;
    EXPECT_NE(run.err.find("did you mean '--format'?"), std::string::npos) << run.err;
    EXPECT_TRUE(run.out.empty());
  }
}

TEST(EveryCommand, NeverGuessesAnAbbreviatedOption) {
  EXPECT_EQ(CommandLine().run("halfulp formats --form json").exit_code, 2);
}

TEST(BashCompletion, IsAcceptedByBash) {
  const auto run = CommandLine().run(R"line(bash -c 'eval "$(halfulp completion bash)"; COMP_WORDS=(halfulp formats --ro); COMP_CWORD=2; _halfulp; echo "$COMPREPLY"')line");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "--round\n");
}

// Codes in the sources of every module.
std::set<std::string> codes_used() {
  namespace fs = std::filesystem;
  std::set<std::string> codes;
  for (const char* folder : {"lib", "apps"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(environment("HALFULP_SOURCE")) / folder)) {
      if (entry.path().extension() != ".cpp" || entry.path().filename() == "explanations.cpp") continue;
      const std::string text = read_file(entry.path().string()).value_or("");
      for (auto at = text.find("\"E"); at != std::string::npos; at = text.find("\"E", at + 1)) {
        const std::string word = text.substr(at + 1, 5);
        if (word.find_first_not_of("0123456789", 1) == std::string::npos && text[at + 6] == '"') codes.insert(word);
      }
    }
  }
  return codes;
}

TEST(Explain, KnowsEveryCodeThatTheSourcesUse) {
  const CommandLine shell;
  const std::string known = shell.run("halfulp explain").out;
  ASSERT_GE(codes_used().size(), 20u);
  for (const auto& code : codes_used()) EXPECT_NE(known.find(code), std::string::npos) << code << " has no entry in explanations.cpp";
}

}  // namespace
}  // namespace halfulp
