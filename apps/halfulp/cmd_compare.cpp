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

std::string or_none(const std::string& text) { return text.empty() ? "none" : text; }

std::string number_at(const std::map<std::string, double>& numbers, const std::string& key) {
  const auto found = numbers.find(key);
  return found == numbers.end() ? std::string() : shortest(found->second);
}

// "-16.7 %", where both are there and it says something.
std::string relative_change(const std::map<std::string, double>& a, const std::map<std::string, double>& b, const std::string& key) {
  const auto from = a.find(key), to = b.find(key);
  if (from == a.end() || to == b.end() || !(from->second > 0)) return "";
  return fmt::format(" ({:+.1f} %)", 100 * (to->second - from->second) / from->second);
}

class ClaimDiff {
 public:
  explicit ClaimDiff(std::vector<std::string>& lines) : lines_(lines) {}

  void line(const std::string& key, const std::string& from, const std::string& to, const std::string& remark = "") {
    if (from != to) lines_.push_back(fmt::format("{} {} -> {}{}", key, or_none(from), or_none(to), remark));
  }
  void text(const std::string& key, const std::optional<std::string>& from, const std::optional<std::string>& to) {
    line(key, from.value_or(""), to.value_or(""));
  }
  void number(const std::string& key, const std::optional<double>& from, const std::optional<double>& to) {
    line(key, from ? shortest(*from) : "", to ? shortest(*to) : "");
  }
  void numbers(const std::string& prefix, const std::map<std::string, double>& from, const std::map<std::string, double>& to) {
    auto keys = from;
    keys.insert(to.begin(), to.end());
    for (const auto& [key, value] : keys) line(prefix + key, number_at(from, key), number_at(to, key), relative_change(from, to, key));
  }

 private:
  std::vector<std::string>& lines_;
};

void diff_requirements(const Requirement& a, const Requirement& b, ClaimDiff& diff) {
  diff.line("requirement.input_set", a.input_set, b.input_set);
  diff.text("requirement.max_error", a.max_error, b.max_error);
  diff.number("requirement.certify_share", a.certify_share, b.certify_share);
  diff.text("requirement.max_relative_error", a.max_relative_error, b.max_relative_error);
  diff.line("requirement.no_overflow", a.no_overflow ? "true" : "", b.no_overflow ? "true" : "");
  diff.number("requirement.max_accuracy_drop", a.max_accuracy_drop, b.max_accuracy_drop);
  diff.text("requirement.max_observed_error", a.max_observed_error, b.max_observed_error);
  diff.text("requirement.mean_observed_error", a.mean_observed_error, b.mean_observed_error);
  auto outputs = a.output_errors;
  outputs.insert(b.output_errors.begin(), b.output_errors.end());
  for (const auto& [name, limit] : outputs) {
    const auto from = a.output_errors.find(name), to = b.output_errors.find(name);
    diff.line("requirement.output_errors." + name, from == a.output_errors.end() ? "" : from->second, to == b.output_errors.end() ? "" : to->second);
  }
}

// What is claimed, what was asked for, and of which model.
void diff_claims(const Schedule& a, const Schedule& b, std::vector<std::string>& lines) {
  ClaimDiff diff(lines);
  diff.line("model", a.provenance.model_sha256.substr(0, 12), b.provenance.model_sha256.substr(0, 12));
  diff_requirements(a.requirement, b.requirement, diff);
  diff.line("result.status", a.result.status, b.result.status);
  diff.line("result.error_bound", a.result.error_bound, b.result.error_bound);
  diff.line("result.relative_error", a.result.relative_error, b.result.relative_error);
  diff.number("result.argmax_share", a.result.argmax_share, b.result.argmax_share);
  diff.numbers("result.observed.", a.result.observed, b.result.observed);
  diff.numbers("result.cost.", a.result.cost, b.result.cost);
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
  diff_claims(*a, *b, lines);
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
          .description = "Prints one line a difference: formats layer by layer, then what was asked for, what is claimed, and costs with their change\n"
                         "in per cent. Other provenance than the model is left out. Exit code 1 if the files differ.",
          .operands = {{.name = "A", .help = "schedule or report"}, {.name = "B", .help = "another of the same kind"}},
          .options = {},
          .examples = {{"halfulp compare a.toml b.toml", "which formats differ"},
                       {"halfulp compare old.json new.json && echo same", "in a script"}},
          .run = run};
}

}  // namespace halfulp::cli
