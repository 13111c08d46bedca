#include <fmt/format.h>

#include "arguments.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "format_facts.hpp"
#include "format_rounding.hpp"
#include "format_tables.hpp"
#include "halfulp/formats/dissect.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/report/table.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

std::string family_spellings() {
  std::string text;
  for (const FamilyFacts& family : family_facts()) {
    const std::string spelling = family.spelling.substr(0, family.spelling.find("> ") + 1);
    const std::string shown = spelling.empty() ? family.spelling : spelling;
    if (shown.find('<') != std::string::npos || family.is_grouped) text += (text.empty() ? "" : "  ") + shown;
  }
  return text;
}

Result<ExitCode> list(Context& context) {
  auto formats = named_formats();
  if (!formats) return fail(formats.error());
  Json rows = Json::array();
  Table table;
  table.column("format").column("bits", Align::kRight).column("largest", Align::kRight).column("smallest positive", Align::kRight);
  table.column("unit roundoff", Align::kRight).column("inf").column("NaN");
  for (const auto& format : *formats) {
    rows.push(format_json(format));
    table.row({format.name, std::to_string(format.width_bits), fmt::format("{:.6g}", largest(format)),
               fmt::format("{:.4g}", smallest_positive(format)), fmt::format("{:.4g}", unit_roundoff(format)),
               format.has_infinity ? "yes" : "no", format.nan_codes.empty() ? "no" : "yes"});
  }
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.formats/1").set("formats", rows));
    return ExitCode::kDone;
  }
  context.print(table.render());
  context.print("families: " + family_spellings() + "\nmodifiers: halfulp help formats\n");
  return ExitCode::kDone;
}

std::string facts_text(const Format& format) {
  if (is_grouped(format)) {
    return fmt::format("{}   {}\n{:.6g} bits a value\n", format.name, describe(format), bits_per_value(format));
  }
  std::string text = fmt::format("{}   {}\nlargest {}   lowest {}   smallest positive {}", format.name, describe(format),
                                 shortest(largest(format)), shortest(lowest(format)), shortest(smallest_positive(format)));
  if (format.family == FormatFamily::kFloat) text += fmt::format("   smallest normal {}", shortest(smallest_normal(format)));
  if (unit_roundoff(format) > 0) text += fmt::format("   unit roundoff {}", shortest(unit_roundoff(format)));
  return text + "\n";
}

struct Shown {
  std::string text;
  Json numbers = Json::array();
};

Shown show(const std::vector<RoundedNumber>& numbers) {
  Shown shown;
  for (const RoundedNumber& number : numbers) {
    shown.text += rounded_text(number);
    shown.numbers.push(rounded_json(number));
  }
  return shown;
}

Result<Shown> rounded(const Format& format, const std::vector<std::string>& decimals, std::uint64_t seed) {
  if (decimals.empty()) return Shown{};
  if (!is_grouped(format)) {
    const auto numbers = round_decimals(format, decimals, seed);
    if (!numbers) return fail(numbers.error());
    return show(*numbers);
  }
  const auto group = round_group_of_decimals(format, decimals, seed);
  if (!group) return fail(group.error());
  Shown shown = show(group->numbers);
  shown.text = "one group: " + group->scale + "\n" + shown.text;
  return shown;
}

Result<ExitCode> dissect(Context& context, const Arguments& arguments) {
  const auto format = parse_format(arguments.operands()[0]);
  if (!format) return fail(format.error());
  const auto shown = rounded(*format, arguments.all("round"), context.seed);
  if (!shown) return fail(shown.error());
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.format/1").set("format", format_json(*format)).set("rounded", shown->numbers));
  } else {
    context.print(facts_text(*format) + shown->text);
  }
  return ExitCode::kDone;
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  if (!arguments.operands().empty()) return dissect(context, arguments);
  if (arguments.has("round")) return fail("E0003", "--round needs a format");
  if (arguments.has("markdown")) {
    context.print(format_tables_markdown());
    return ExitCode::kDone;
  }
  return list(context);
}

}  // namespace

Command formats_command() {
  return {.name = "formats",
          .summary = "list number formats, describe one, round a value to it",
          .description = "Without NAME, lists the named formats. A value is rounded exactly as its decimal says, not as the double near it.\n"
                         "With a group format, the values of all --round options are one group.",
          .operands = {{.name = "NAME", .help = "a format with its modifiers, such as \"fixed<8,3>:wrap\"", .required = false}},
          .options = {{.name = "round", .value = "X", .help = "round this decimal number to the format", .repeatable = true},
                      {.name = "markdown", .help = "the tables of docs/formats.md: families, modifiers, rounding modes"}},
          .examples = {{"halfulp formats \"posit<16,1>\" --round 0.1", "what becomes of 0.1: sign, regime, exponent, fraction"},
                       {"halfulp formats \"mx<e4m3,32>\" --round 0.1 --round 3", "two values that share a scale"}},
          .run = run};
}

}  // namespace halfulp::cli
