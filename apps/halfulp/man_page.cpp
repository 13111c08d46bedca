#include <fmt/format.h>

#include "commands.hpp"
#include "context.hpp"
#include "help.hpp"

namespace halfulp::cli {
namespace {

std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += std::string("\\&") + c;
    else out += c;
  }
  return out;
}

std::string option_entry(const Option& option) {
  std::string head = option.short_name ? fmt::format("\\-{}, ", option.short_name) : "";
  head += roff("--" + option.name);
  std::string entry = fmt::format(".TP\n\\fB{}\\fR", head);
  if (!option.value.empty()) entry += fmt::format(" \\fI{}\\fR", roff(option.value));
  entry += "\n" + roff(option.help);
  if (!option.choices.empty()) entry += roff(fmt::format(": {}", fmt::join(option.choices, ", ")));
  if (!option.fallback.empty()) entry += roff(fmt::format(" (default: {})", option.fallback));
  return entry + "\n";
}

std::string command_entry(const Command& command) {
  std::string entry = fmt::format(".SS {}\n{}.\n.PP\n{}\n", roff(usage_line(command)), roff(command.summary), roff(command.description));
  for (const auto& operand : command.operands) {
    entry += fmt::format(".TP\n\\fI{}\\fR\n{}\n", roff(operand.name), roff(operand.help));
  }
  for (const auto& option : command.options) entry += option_entry(option);
  for (const auto& example : command.examples) {
    entry += fmt::format(".PP\n{}:\n.PP\n.EX\n{}\n.EE\n", roff(example.says), roff(example.line));
  }
  return entry;
}

}  // namespace

std::string man_page() {
  std::string page = fmt::format(
      ".TH HALFULP 1 \"\" \"halfulp {}\" \"User Commands\"\n.SH NAME\nhalfulp \\- proved number formats for neural networks on small hardware\n"
      ".SH SYNOPSIS\n\\fBhalfulp\\fR \\fICOMMAND\\fR [arguments] [options]\n.SH OPTIONS OF EVERY COMMAND\n",
      kVersion);
  for (const auto& option : global_options()) page += option_entry(option);
  page += ".SH COMMANDS\n";
  for (const auto& command : commands()) page += command_entry(command);
  for (const auto& topic : topics()) page += fmt::format(".SH {}\n.nf\n{}.fi\n", roff(topic.summary), roff(topic.text));
  return page;
}

}  // namespace halfulp::cli
