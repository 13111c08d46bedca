// Help, the man page and shell completion, all rendered from the command tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command.hpp"

namespace halfulp::cli {

// `halfulp --help`: the commands, the topics, the global options.
std::string overview_text();
// `halfulp COMMAND -h` (one screen) and --help (`full`: description and global options too).
std::string command_text(const Command& command, bool full);
std::string usage_line(const Command& command);

// halfulp(1) in roff.
std::string man_page();
// E0003 for a shell other than bash, zsh and fish.
Result<std::string> completion_script(const std::string& shell);

struct Topic {
  const char* name;
  const char* summary;
  const char* text;
};
const std::vector<Topic>& topics();

struct Explanation {
  const char* code;
  const char* title;
  const char* text;
};
// Sorted by code.
const std::vector<Explanation>& explanations();

}  // namespace halfulp::cli
