#include "commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cmd.hpp"
#include "halfulp/support/assert.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

std::vector<Command> make_commands() {
  std::vector<Command> list = {
#ifdef HALFULP_WITH_INGEST
      inspect_command(),
#endif
#ifdef HALFULP_WITH_ANALYSIS
      analyze_command(),
      simulate_command(),
#endif
#ifdef HALFULP_WITH_TUNING
      tune_command(),
#endif
#ifdef HALFULP_WITH_ANALYSIS
      check_command(),
#endif
#ifdef HALFULP_WITH_EMIT
      emit_command(),
#endif
      compare_command(),
      formats_command(),
      round_command(),
#ifdef HALFULP_WITH_ANALYSIS
      bench_command(),
#endif
#ifdef HALFULP_WITH_INGEST
      ops_command(),
#endif
      explain_command(),
      help_command(),
      completion_command(),
  };
  for (const auto& command : list) {
    const auto same = [&](const Command& other) { return other.name == command.name; };
    HALFULP_ASSERT(std::count_if(list.begin(), list.end(), same) == 1 && command.run != nullptr);
  }
  return list;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = make_commands();
  return kCommands;
}

const Command* find_command(const std::string& name) {
  for (const auto& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

Diagnostic unknown_command(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& command : commands()) names.push_back(command.name);
  Diagnostic diagnostic{.code = "E0001", .message = fmt::format("no command '{}'", name), .helps = nearest_help(name, names)};
  diagnostic.helps.push_back("halfulp --help lists the commands");
  return diagnostic;
}

}  // namespace halfulp::cli
