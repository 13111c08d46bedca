#include <fmt/format.h>

#include "arguments.hpp"
#include "cmd.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "halfulp/support/text.hpp"
#include "help.hpp"

namespace halfulp::cli {
namespace {

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  if (arguments.has("man")) {
    context.print(man_page());
    return ExitCode::kDone;
  }
  if (arguments.operands().empty()) {
    context.print(overview_text());
    return ExitCode::kDone;
  }
  const std::string& name = arguments.operands()[0];
  std::vector<std::string> names;
  for (const auto& command : commands()) names.push_back(command.name);
  for (const auto& topic : topics()) {
    names.push_back(topic.name);
    if (name != topic.name) continue;
    context.print(topic.text);
    return ExitCode::kDone;
  }
  if (const Command* command = find_command(name)) {
    context.print(command_text(*command, true));
    return ExitCode::kDone;
  }
  auto helps = nearest_help(name, names);
  helps.push_back("halfulp help lists commands and topics");
  return fail("E0001", fmt::format("no command or topic '{}'", name), "", helps);
}

}  // namespace

Command help_command() {
  return {.name = "help",
          .summary = "commands and topics",
          .description = "Without TOPIC, lists the commands and the topics.",
          .operands = {{.name = "TOPIC", .help = "a topic or a command", .required = false}},
          .options = {{.name = "man", .help = "print the manual page in roff"}},
          .examples = {{"halfulp help formats", "how formats are spelled"}, {"halfulp help --man | man -l -", "read the manual page"}},
          .run = run};
}

}  // namespace halfulp::cli
