#include <fmt/format.h>

#include "arguments.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "halfulp/schedule/schedule.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

std::string brief(const Json& json) {
  const std::string text = json.dump();
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

// Leaves that differ, by path; `provenance` at the top says how a file was made, not what it says.
void diff_json(const std::string& path, const Json& a, const Json& b, std::vector<std::string>& lines) {
  if (a == b) return;
  if (a.is_object() && b.is_object()) {
    for (const auto& [key, value] : a.members()) {
      if (path.empty() && key == "provenance") continue;
      diff_json(path.empty() ? key : path + "." + key, value, b[key], lines);
    }
    for (const auto& [key, value] : b.members()) {
      if (path.empty() && key == "provenance") continue;
      if (a[key].is_null() && !value.is_null()) lines.push_back(fmt::format("{}{}{} null -> {}", path, path.empty() ? "" : ".", key, brief(value)));
    }
  } else if (a.is_array() && b.is_array() && a.elements().size() == b.elements().size()) {
    for (std::size_t i = 0; i < a.elements().size(); ++i) {
      const std::string& name = a.elements()[i]["name"].text();
      diff_json(fmt::format("{}[{}]", path, name.empty() ? std::to_string(i) : name), a.elements()[i], b.elements()[i], lines);
    }
  } else {
    lines.push_back(fmt::format("{} {} -> {}", path, brief(a), brief(b)));
  }
}

void diff_claims(const Claim& a, const Claim& b, std::vector<std::string>& lines) {
  const auto line = [&](const std::string& key, const std::string& from, const std::string& to) {
    if (from != to) lines.push_back(fmt::format("result.{} {} -> {}", key, from.empty() ? "none" : from, to.empty() ? "none" : to));
  };
  const auto number = [](const std::map<std::string, double>& cost, const std::string& key) {
    const auto found = cost.find(key);
    return found == cost.end() ? std::string() : shortest(found->second);
  };
  line("status", a.status, b.status);
  line("error_bound", a.error_bound, b.error_bound);
  line("argmax_share", a.argmax_share ? shortest(*a.argmax_share) : "", b.argmax_share ? shortest(*b.argmax_share) : "");
  auto keys = a.cost;
  keys.insert(b.cost.begin(), b.cost.end());
  for (const auto& [key, value] : keys) line("cost." + key, number(a.cost, key), number(b.cost, key));
}

bool is_json(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{';
}

Result<std::vector<std::string>> differences(const std::string& path_a, const std::string& path_b) {
  auto text_a = read_file(path_a);
  if (!text_a) return fail(text_a.error());
  auto text_b = read_file(path_b);
  if (!text_b) return fail(text_b.error());
  if (is_json(*text_a) != is_json(*text_b)) {
    return fail("E0003", "one file is a schedule (TOML), the other a report (JSON); two of a kind are needed");
  }
  std::vector<std::string> lines;
  if (is_json(*text_a)) {
    auto a = parse_json(*text_a, path_a);
    if (!a) return fail(a.error());
    auto b = parse_json(*text_b, path_b);
    if (!b) return fail(b.error());
    diff_json("", *a, *b, lines);
    return lines;
  }
  auto a = parse_schedule(*text_a, path_a);
  if (!a) return fail(a.error());
  auto b = parse_schedule(*text_b, path_b);
  if (!b) return fail(b.error());
  lines = diff(*a, *b);
  diff_claims(a->result, b->result, lines);
  return lines;
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  auto lines = differences(arguments.operands()[0], arguments.operands()[1]);
  if (!lines) return fail(lines.error());
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.compare/1").set("equal", lines->empty()).set("differences", Json::array_of(*lines)));
  } else if (lines->empty()) {
    context.print("no difference\n");
  } else {
    for (const auto& line : *lines) context.print(line + "\n");
  }
  return lines->empty() ? ExitCode::kDone : ExitCode::kAnswerIsNo;
}

}  // namespace

Command compare_command() {
  return {.name = "compare",
          .summary = "two schedules or two JSON reports, layer by layer",
          .description = "Prints one line a difference. Provenance is left out. Exit code 1 if the files differ.",
          .operands = {{.name = "A", .help = "schedule or report"}, {.name = "B", .help = "another of the same kind"}},
          .options = {},
          .examples = {{"halfulp compare a.toml b.toml", "which formats differ"},
                       {"halfulp compare old.json new.json && echo same", "in a script"}},
          .run = run};
}

}  // namespace halfulp::cli
