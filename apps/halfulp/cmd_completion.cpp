#include "arguments.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "help.hpp"

namespace halfulp::cli {
namespace {

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  auto script = completion_script(arguments.operands()[0]);
  if (!script) return fail(script.error());
  context.print(*script);
  return ExitCode::kDone;
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .summary = "a completion script for a shell",
          .description = "Prints the script; load it from the start file of the shell.",
          .operands = {{.name = "SHELL", .help = "bash, zsh or fish"}},
          .options = {},
          .examples = {{"eval \"$(halfulp completion bash)\"", "completion in this bash"},
                       {"halfulp completion fish > ~/.config/fish/completions/halfulp.fish", "completion in every fish"}},
          .run = run};
}

}  // namespace halfulp::cli
