#include "help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "commands.hpp"
#include "context.hpp"

namespace halfulp::cli {
namespace {

constexpr std::size_t kTextWidth = 100;

// `text` in lines of at most kTextWidth, each after the first indented by `indent`.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (column > indent && column + 1 + word.size() > kTextWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    at = end + 1;
  }
  return out;
}

struct Row {
  std::string left;
  std::string right;
};

std::string rows_text(const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.left.size());
  std::string out;
  for (const auto& row : rows) {
    out += fmt::format("  {:<{}}  {}\n", row.left, width, wrapped(row.right, width + 4));
  }
  return out;
}

Row option_row(const Option& option) {
  std::string left = option.short_name ? fmt::format("-{}, --{}", option.short_name, option.name) : "    --" + option.name;
  if (!option.value.empty()) left += " " + option.value;
  std::string right = option.help;
  if (!option.choices.empty()) right += fmt::format(": {}", fmt::join(option.choices, ", "));
  if (!option.fallback.empty()) right += fmt::format(" [default: {}]", option.fallback);
  if (option.repeatable && !option.value.empty()) right += " (repeatable)";
  return {left, right};
}

std::vector<Row> option_rows(const std::vector<Option>& options) {
  std::vector<Row> rows;
  for (const auto& option : options) rows.push_back(option_row(option));
  return rows;
}

}  // namespace

std::string usage_line(const Command& command) {
  std::string line = "halfulp " + command.name;
  for (const auto& operand : command.operands) {
    const std::string name = operand.name + (operand.repeatable ? "..." : "");
    line += operand.required ? " " + name : " [" + name + "]";
  }
  return command.options.empty() ? line : line + " [options]";
}

std::string command_text(const Command& command, bool full) {
  std::string out = fmt::format("halfulp {}: {}\n\nusage: {}\n", command.name, command.summary, usage_line(command));
  if (full && !command.description.empty()) out += "\n" + command.description + "\n";
  if (!command.operands.empty()) {
    std::vector<Row> rows;
    for (const auto& operand : command.operands) rows.push_back({operand.name, operand.help});
    out += "\narguments:\n" + rows_text(rows);
  }
  if (!command.options.empty()) out += "\noptions:\n" + rows_text(option_rows(command.options));
  if (full) out += "\noptions of every command:\n" + rows_text(option_rows(global_options()));
  out += "\nexamples:\n";
  for (const auto& example : command.examples) out += fmt::format("  {}\n      {}\n", example.line, example.says);
  return out;
}

std::string overview_text() {
  std::vector<Row> command_rows, topic_rows;
  for (const auto& command : commands()) command_rows.push_back({command.name, command.summary});
  for (const auto& topic : topics()) topic_rows.push_back({topic.name, topic.summary});
  return fmt::format(
      "halfulp {}: proved number formats for neural networks on small hardware\n\n"
      "usage: halfulp COMMAND [arguments] [options]\n\n"
      "commands:\n{}\ntopics (halfulp help TOPIC):\n{}\noptions of every command:\n{}\n"
      "halfulp COMMAND --help shows the options of a command and two examples.\n",
      kVersion, rows_text(command_rows), rows_text(topic_rows), rows_text(option_rows(global_options())));
}

}  // namespace halfulp::cli
