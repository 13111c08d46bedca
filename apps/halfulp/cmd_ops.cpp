#include <fmt/format.h>

#include <map>

#include "arguments.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "halfulp/ingest/operators.hpp"
#include "halfulp/operators/form.hpp"
#include "halfulp/report/table.hpp"

namespace halfulp::cli {
namespace {

Result<ExitCode> run(Context& context, const Arguments&) {
  std::map<std::string, std::string> rules;
  for (const auto& entry : operator_entries()) rules[entry.name] = entry.summary;
  Table table;
  table.column("operator").column("TorchScript").column("rule and limits");
  Json rows = Json::array();
  for (const auto& op : supported_operators()) {
    const auto rule = rules.find(op.name);
    const std::string summary = op.name.empty() ? "leaves no node" : rule == rules.end() ? "" : rule->second;
    const std::string says = summary.empty() || op.limits.empty() ? summary + op.limits : summary + "; " + op.limits;
    table.row({op.name, fmt::format("{}", fmt::join(op.spellings, " ")), says});
    rows.push(Json::object().set("name", op.name).set("spellings", Json::array_of(op.spellings)).set("rule", summary).set("limits", op.limits));
  }
  if (!context.json) {
    context.print(table.render());
    context.print(fmt::format("decided while the model is read: {}\n", fmt::join(evaluated_operators(), " ")));
    return ExitCode::kDone;
  }
  context.print_json(Json::object().set("schema", "halfulp.ops/1").set("operators", rows)
                    .set("evaluated", Json::array_of(evaluated_operators())));
  return ExitCode::kDone;
}

}  // namespace

Command ops_command() {
  return {.name = "ops",
          .summary = "operators with a rule, and their limits",
          .description = "A model that uses anything else is refused with exit code 3.",
          .operands = {},
          .options = {},
          .examples = {{"halfulp ops", "what a model may use"}, {"halfulp ops --format json", "the same for scripts"}},
          .run = run};
}

}  // namespace halfulp::cli
