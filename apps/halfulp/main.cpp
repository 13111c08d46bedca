// The command: global options up to the command word, then the command's own table; failures become diagnostics and exit codes.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "arguments.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "help.hpp"
#include "output.hpp"
#include "shell_words.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

// Words before the command word: global options and their values.
std::size_t command_position(const std::vector<std::string>& words) {
  std::size_t at = 0;
  while (at < words.size() && words[at].starts_with("-")) {
    const auto takes_value = [&](const Option& option) {
      return !option.value.empty() && words[at] == "--" + option.name;
    };
    at += std::any_of(global_options().begin(), global_options().end(), takes_value) ? 2 : 1;
  }
  return std::min(at, words.size());
}

bool colour_wanted(const std::string& when) {
  if (when != "auto") return when == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) && !(no_color && *no_color) && !(term && std::strcmp(term, "dumb") == 0);
}

Result<void> apply_globals(Context& context, const Arguments& arguments) {
  context.json = arguments.text("format") == "json";
  context.quiet = arguments.has("quiet");
  context.verbosity = arguments.count("verbose");
  context.colour_errors = colour_wanted(arguments.text("color"));
  auto seed = parse_seed(arguments.text("seed"));
  if (!seed) return fail(seed.error());
  context.seed = *seed;
  if (const auto rules = arguments.given("rules")) setenv("HALFULP_RULES", rules->c_str(), 1);
  return {};
}

Result<ExitCode> run_without_command(Context& context, const std::vector<std::string>& words) {
  auto arguments = parse_words(Command{}, words);
  if (!arguments) return fail(arguments.error());
  if (arguments->has("version")) {
    context.print(fmt::format("halfulp {}\n", kVersion));
    return ExitCode::kDone;
  }
  if (arguments->has("help")) {
    context.print(overview_text());
    return ExitCode::kDone;
  }
  return fail("E0001", "no command is given", "", {"halfulp --help lists the commands"});
}

Result<ExitCode> run_words(Context& context, std::vector<std::string> words) {
  const std::size_t at = command_position(words);
  if (at == words.size()) return run_without_command(context, words);
  const Command* command = find_command(words[at]);
  if (!command) return fail(unknown_command(words[at]));
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
  auto arguments = parse_words(*command, words);
  if (!arguments) return fail(arguments.error());
  if (auto applied = apply_globals(context, *arguments); !applied) return fail(applied.error());
  if (arguments->has("version")) return run_without_command(context, {"--version"});
  if (arguments->has("help")) {
    const bool full = std::find(words.begin(), words.end(), "--help") != words.end();
    context.print(command_text(*command, full));
    return ExitCode::kDone;
  }
  return command->run(context, *arguments);
}

std::string command_line(int count, char** words) {
  std::string line = "halfulp";
  for (int i = 1; i < count; ++i) line += " " + shell_quoted(words[i]);
  return line;
}

int run(int count, char** words) {
  Context context;
  context.colour_errors = colour_wanted("auto");
  context.command_line = command_line(count, words);
  auto result = run_words(context, std::vector<std::string>(words + 1, words + count));
  if (result) result = finish_output(*result);
  if (result) return static_cast<int>(*result);
  std::fflush(stdout);
  const std::string text = render(result.error(), "error", context.colour_errors);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return static_cast<int>(result.error().exit_code);
}

int internal_error(const char* what) {
  std::fprintf(stderr, "error[E0070]: internal error: %s\n", what);
  return static_cast<int>(ExitCode::kInternal);
}

}  // namespace
}  // namespace halfulp::cli

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return count < 1 ? 2 : halfulp::cli::run(count, words);
  } catch (const std::bad_alloc&) {
    return halfulp::cli::internal_error("out of memory");
  } catch (const std::exception& error) {
    return halfulp::cli::internal_error(error.what());
  } catch (...) {
    return halfulp::cli::internal_error("unknown exception");
  }
}
