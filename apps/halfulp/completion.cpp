#include <fmt/format.h>

#include <algorithm>

#include "commands.hpp"
#include "help.hpp"

namespace halfulp::cli {
namespace {

std::vector<Option> all_options(const Command& command) {
  std::vector<Option> options = command.options;
  options.insert(options.end(), global_options().begin(), global_options().end());
  return options;
}

std::string command_names() {
  std::vector<std::string> names;
  for (const auto& command : commands()) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, " "));
}

std::string bash_script() {
  std::string cases, values;
  for (const auto& command : commands()) {
    std::vector<std::string> words;
    for (const auto& option : all_options(command)) {
      words.push_back("--" + option.name);
      if (option.choices.empty()) continue;
      values += fmt::format("    {}:--{}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n", command.name, option.name,
                            fmt::join(option.choices, " "));
    }
    cases += fmt::format("    {}) options=\"{}\" ;;\n", command.name, fmt::join(words, " "));
  }
  return fmt::format(R"(# bash completion of halfulp
_halfulp() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" command="" options="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ "${{COMP_WORDS[i]}}" != -* ]]; then command="${{COMP_WORDS[i]}}"; break; fi
  done
  if [[ -z "$command" ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$word")); return
  fi
  case "$command:$previous" in
{}  esac
  case "$command" in
{}  esac
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word")); fi
}}
complete -o default -F _halfulp halfulp
)",
                     command_names(), values, cases);
}

// Text within single quotes and brackets of a zsh specification.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\') out += std::string("\\") + c;
    else out += c;
  }
  return out;
}

std::string zsh_script() {
  std::string list, cases;
  for (const auto& command : commands()) {
    list += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.summary));
    cases += fmt::format("    {}) _arguments", command.name);
    for (const auto& option : all_options(command)) {
      cases += fmt::format(" \\\n      '{}--{}[{}]", option.repeatable ? "*" : "", option.name, zsh_text(option.help));
      if (!option.value.empty()) {
        const std::string action = option.choices.empty() ? "_files" : fmt::format("({})", fmt::join(option.choices, " "));
        cases += fmt::format(":{}:{}", zsh_text(option.value), action);
      }
      cases += "'";
    }
    cases += " \\\n      '*:file:_files' ;;\n";
  }
  return fmt::format(R"(#compdef halfulp
_halfulp() {{
  local -a list
  list=(
{}  )
  if (( CURRENT == 2 )); then _describe command list; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
{}  esac
}}
_halfulp "$@"
)",
                     list, cases);
}

std::string fish_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string fish_script() {
  std::string out = "# fish completion of halfulp\n";
  for (const auto& command : commands()) {
    out += fmt::format("complete -c halfulp -n __fish_use_subcommand -f -a {} -d '{}'\n", command.name, fish_text(command.summary));
    for (const auto& option : all_options(command)) {
      out += fmt::format("complete -c halfulp -n '__fish_seen_subcommand_from {}' -l {} -d '{}'", command.name, option.name,
                         fish_text(option.help));
      if (option.short_name) out += fmt::format(" -s {}", option.short_name);
      if (!option.choices.empty()) out += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
      else if (!option.value.empty()) out += " -r";
      out += "\n";
    }
  }
  return out;
}

}  // namespace

Result<std::string> completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  return fail("E0003", fmt::format("no completion for the shell '{}'; there is bash, zsh, fish", shell));
}

}  // namespace halfulp::cli
