#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "arguments.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "format_facts.hpp"
#include "halfulp/enclosure/interval.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/report/table.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

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
  context.print("families: fixed<W,I>  ufixed<W,I>  float<E,P>     modifiers: halfulp help formats\n");
  return ExitCode::kDone;
}

struct RoundedValue {
  double argument = 0, value = 0;
  std::string code;      // empty if the value has none
  double error = 0, error_ulp = 0;
};

// Rounds the decimal exactly as written: both ends of its enclosure must round to the same value.
Result<RoundedValue> round_decimal(const Format& format, const std::string& text, std::uint64_t seed) {
  if (!fits_double(format)) {
    return fail("E0205", fmt::format("values of {} outgrow a double, so `--round` cannot show them", format.name));
  }
  auto enclosure = enclose_decimal(text);
  if (!enclosure) return fail(enclosure.error());
  const std::uint32_t random = random_bits(seed, 0, 0);
  RoundedValue out{.value = round_to(format, enclosure->lo, random), .code = ""};
  if (std::from_chars(text.data(), text.data() + text.size(), out.argument).ec != std::errc{}) out.argument = midpoint(*enclosure);
  if (round_to(format, enclosure->hi, random) != out.value) {
    return fail("E0105", fmt::format("'{}' is within an ulp of a double from a rounding boundary of {}; write fewer digits", text, format.name));
  }
  if (const auto code = encode(format, out.value)) out.code = fmt::format("{:#x}", *code);
  out.error = out.value - out.argument;
  out.error_ulp = std::abs(out.error) / ulp_at(format, out.value);
  return out;
}

std::string spelled_sign(double x) { return (x >= 0 ? "+" : "") + fmt::format("{:.4g}", x); }

std::string facts_text(const Format& format) {
  std::string text = fmt::format("{}   {}\nlargest {}   lowest {}   smallest positive {}", format.name, format_sentence(format),
                                 shortest(largest(format)), shortest(lowest(format)), shortest(smallest_positive(format)));
  if (format.family == FormatFamily::kFloat) {
    text += fmt::format("   smallest normal {}   unit roundoff {}", shortest(smallest_normal(format)), shortest(unit_roundoff(format)));
  }
  return text + "\n";
}

Result<ExitCode> dissect(Context& context, const Arguments& arguments) {
  auto format = parse_format(arguments.operands()[0]);
  if (!format) return fail(format.error());
  Json json = Json::object().set("schema", "halfulp.format/1").set("format", format_json(*format));
  std::string text = facts_text(*format);
  Json values = Json::array();
  for (const auto& decimal : arguments.all("round")) {
    auto rounded = round_decimal(*format, decimal, context.seed);
    if (!rounded) return fail(rounded.error());
    values.push(Json::object().set("argument", decimal).set("value", rounded->value).set("hex", fmt::format("{:a}", rounded->value))
                    .set("code", rounded->code).set("error", rounded->error).set("error_ulp", rounded->error_ulp));
    text += fmt::format("{} -> {} ({:a})  code {}  error {} ({:.3g} ulp)\n", decimal, shortest(rounded->value), rounded->value,
                        rounded->code.empty() ? "none" : rounded->code, spelled_sign(rounded->error), rounded->error_ulp);
  }
  if (context.json) {
    context.print_json(json.set("rounded", values));
  } else {
    context.print(text);
  }
  return ExitCode::kDone;
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  if (!arguments.operands().empty()) return dissect(context, arguments);
  if (arguments.has("round")) return fail("E0003", "--round needs a format");
  return list(context);
}

}  // namespace

Command formats_command() {
  return {.name = "formats",
          .summary = "list number formats, describe one, round a value to it",
          .description = "Without NAME, lists the named formats. A value is rounded exactly as its decimal says, not as the double near it.",
          .operands = {{.name = "NAME", .help = "a format with its modifiers, such as \"fixed<8,3>:wrap\"", .required = false}},
          .options = {{.name = "round", .value = "X", .help = "round this decimal number to the format", .repeatable = true}},
          .examples = {{"halfulp formats e4m3 --round 0.1", "what becomes of 0.1 in OCP FP8"},
                       {"halfulp formats \"fixed<8,3>:toward-zero\"", "range and spacing of a fixed-point format"}},
          .run = run};
}

}  // namespace halfulp::cli
