#include "arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

namespace po = boost::program_options;

// Names are exact: guessing is off, so that adding an option never changes what a script means.
constexpr int kStyle = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;

std::vector<Option> options_of(const Command& command) {
  std::vector<Option> options = command.options;
  options.insert(options.end(), global_options().begin(), global_options().end());
  return options;
}

po::options_description describe(const std::vector<Option>& options) {
  po::options_description description;
  for (const auto& option : options) {
    const std::string names = option.short_name ? option.name + "," + option.short_name : option.name;
    if (option.value.empty()) {
      description.add_options()(names.c_str(), "");
    } else {
      description.add_options()(names.c_str(), po::value<std::string>(), "");
    }
  }
  return description;
}

std::string help_line(const Command& command) {
  return command.name.empty() ? "halfulp --help" : "halfulp " + command.name + " --help";
}

Diagnostic unknown_option(const Command& command, const std::vector<Option>& options, const std::string& token) {
  std::vector<std::string> names;
  for (const auto& option : options) names.push_back("--" + option.name);
  const std::string word = token.substr(0, token.find('='));
  Diagnostic diagnostic{.code = "E0002", .message = fmt::format("unknown option '{}'", word), .helps = nearest_help(word, names)};
  diagnostic.helps.push_back("options: " + help_line(command));
  return diagnostic;
}

Diagnostic misuse(const Command& command, std::string message) {
  return {.code = "E0003", .message = std::move(message), .helps = {"options: " + help_line(command)}};
}

Result<std::vector<po::option>> tokenise(const Command& command, const std::vector<Option>& options,
                                         const std::vector<std::string>& words) {
  const po::options_description description = describe(options);
  try {
    return po::command_line_parser(words).options(description).style(kStyle).run().options;
  } catch (const po::unknown_option& error) {
    return fail(unknown_option(command, options, error.get_option_name()));
  } catch (const po::invalid_command_line_syntax& error) {
    const std::string name = error.get_option_name();
    const bool missing = error.kind() == po::invalid_syntax::missing_parameter;
    return fail(misuse(command, missing ? fmt::format("option '{}' needs a value", name)
                                        : fmt::format("option '{}' takes no value", name)));
  } catch (const po::error& error) {
    return fail(misuse(command, error.what()));
  }
}

Result<void> check_value(const Command& command, const Option& option, const std::vector<std::string>& values) {
  if (values.size() > 1 && !option.repeatable) {
    return fail(misuse(command, fmt::format("option '--{}' is given {} times", option.name, values.size())));
  }
  if (option.choices.empty()) return {};
  for (const auto& value : values) {
    if (std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end()) continue;
    Diagnostic diagnostic = misuse(command, fmt::format("'{}' is no value of '--{}'; allowed are {}", value, option.name,
                                                        fmt::join(option.choices, ", ")));
    diagnostic.helps = nearest_help(value, option.choices);
    return fail(diagnostic);
  }
  return {};
}

Result<void> check_operands(const Command& command, const std::vector<std::string>& operands) {
  std::size_t required = 0;
  for (const auto& operand : command.operands) required += operand.required;
  const bool unlimited = !command.operands.empty() && command.operands.back().repeatable;
  if (operands.size() < required) {
    return fail("E0004", fmt::format("{} is missing", command.operands[operands.size()].name), "",
                {"usage: " + help_line(command)});
  }
  if (operands.size() > command.operands.size() && !unlimited) {
    return fail("E0004", fmt::format("one argument too many: '{}'", operands[command.operands.size()]), "",
                {"usage: " + help_line(command)});
  }
  return {};
}

}  // namespace

std::string Arguments::text(const std::string& option) const {
  if (const auto value = given(option)) return *value;
  const auto found = fallback_.find(option);
  return found == fallback_.end() ? "" : found->second;
}

std::optional<std::string> Arguments::given(const std::string& option) const {
  const auto found = given_.find(option);
  return found == given_.end() ? std::nullopt : std::optional(found->second.back());
}

std::vector<std::string> Arguments::all(const std::string& option) const {
  const auto found = given_.find(option);
  return found == given_.end() ? std::vector<std::string>{} : found->second;
}

Result<std::optional<std::string>> Arguments::at_most_one(const std::vector<std::string>& options) const {
  std::vector<std::string> present;
  for (const auto& option : options) {
    if (has(option)) present.push_back(option);
  }
  if (present.size() > 1) {
    return fail("E0003", fmt::format("--{} and --{} exclude each other", present[0], present[1]));
  }
  return present.empty() ? std::nullopt : std::optional(present[0]);
}

Result<std::string> Arguments::exactly_one(const std::vector<std::string>& options) const {
  auto one = at_most_one(options);
  if (!one) return fail(one.error());
  if (*one) return **one;
  return fail("E0003", fmt::format("one of --{} is needed", fmt::join(options, ", --")));
}

Result<Arguments> parse_words(const Command& command, const std::vector<std::string>& words) {
  const std::vector<Option> options = options_of(command);
  auto tokens = tokenise(command, options, words);
  if (!tokens) return fail(tokens.error());
  Arguments arguments;
  for (const auto& token : *tokens) {
    if (token.string_key.empty()) {
      arguments.operands_.insert(arguments.operands_.end(), token.value.begin(), token.value.end());
    } else {
      auto& values = arguments.given_[token.string_key];
      values.push_back(token.value.empty() ? "" : token.value.front());
    }
  }
  for (const auto& option : options) {
    arguments.fallback_[option.name] = option.fallback;
    if (auto checked = check_value(command, option, arguments.all(option.name)); !checked) return fail(checked.error());
  }
  if (arguments.has("help")) return arguments;
  if (auto checked = check_operands(command, arguments.operands_); !checked) return fail(checked.error());
  return arguments;
}

}  // namespace halfulp::cli
