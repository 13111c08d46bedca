#include <fmt/format.h>

#include "arguments.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "halfulp/support/text.hpp"
#include "help.hpp"

namespace halfulp::cli {
namespace {

Result<ExitCode> list(Context& context) {
  Json codes = Json::array();
  std::string text;
  for (const auto& entry : explanations()) {
    codes.push(Json::object().set("code", entry.code).set("title", entry.title));
    text += fmt::format("  {}  {}\n", entry.code, entry.title);
  }
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.explain/1").set("codes", codes));
  } else {
    context.print(text);
  }
  return ExitCode::kDone;
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  if (arguments.operands().empty()) return list(context);
  const std::string& code = arguments.operands()[0];
  std::vector<std::string> codes;
  for (const auto& entry : explanations()) {
    codes.push_back(entry.code);
    if (code != entry.code) continue;
    if (context.json) {
      context.print_json(Json::object().set("schema", "halfulp.explain/1").set("code", entry.code).set("title", entry.title).set("text", entry.text));
    } else {
      context.print(fmt::format("{}: {}\n\n{}\n", entry.code, entry.title, entry.text));
    }
    return ExitCode::kDone;
  }
  auto helps = nearest_help(code, codes);
  helps.push_back("halfulp explain lists all codes");
  return fail("E0005", fmt::format("no message has the code '{}'", code), "", helps);
}

}  // namespace

Command explain_command() {
  return {.name = "explain",
          .summary = "what a message code means and what to do about it",
          .description = "Without CODE, lists all codes.",
          .operands = {{.name = "CODE", .help = "such as E0203", .required = false}},
          .examples = {{"halfulp explain E0105", "what is wrong with a box or a number"}, {"halfulp explain", "all codes"}},
          .run = run};
}

}  // namespace halfulp::cli
