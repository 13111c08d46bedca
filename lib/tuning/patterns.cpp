// Spellings of format patterns. `fixed<2..32,*>` and `ufixed<2..32,*>` leave the integer bits to each tensor's range;
// `e{2..5}m{1..10}` stands for the IEEE-like formats of those exponent and stored significand bits;
// `int<2..8>@channel`, `posit<4..8,1>` and their like for the formats of those widths; anything else is one format.
#include <algorithm>
#include <charconv>
#include <regex>

#include "halfulp/support/text.hpp"
#include "halfulp/tuning/tuning.hpp"

namespace halfulp {
namespace {

constexpr int kWidestFixed = 128;

struct Span {
  int low = 0, high = 0;
};

std::optional<Span> span_of(const std::string& low, const std::string& high) {
  Span span;
  const auto read = [](const std::string& text, int& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (!read(low, span.low)) return std::nullopt;
  if (high.empty()) {
    span.high = span.low;
  } else if (!read(high, span.high)) {
    return std::nullopt;
  }
  return span.low <= span.high ? std::optional<Span>(span) : std::nullopt;
}

tl::unexpected<Diagnostic> no_pattern(const std::string& spelling, const std::string& why, std::vector<std::string> helps = {}) {
  helps.push_back("a pattern is like 'fixed<2..32,*>', 'ufixed<4..16,*>', 'e{2..5}m{1..10}', 'int<2..8>@channel', 'fixed<8,3>' or 'fp16'");
  return fail("E0801", "'" + spelling + "' is no format pattern: " + why, {}, std::move(helps));
}

Result<FormatPattern> fixed_family(const std::string& spelling, const std::smatch& match) {
  const auto widths = span_of(match[2], match[3]);
  if (!widths || widths->low < 1 || widths->high > kWidestFixed) {
    return no_pattern(spelling, "widths go from 1 to " + std::to_string(kWidestFixed) + ", the smaller first");
  }
  return FormatPattern{.is_fixed_family = true,
                       .is_signed = match[1] == "fixed",
                       .min_width = widths->low,
                       .max_width = widths->high,
                       .single = std::nullopt};
}

Result<std::vector<FormatPattern>> float_family(const std::string& spelling, const std::smatch& match) {
  const auto exponent = span_of(match[1], match[2]), significand = span_of(match[3], match[4]);
  if (!exponent || !significand || exponent->low < 2 || exponent->high > 11 || significand->low < 1 || significand->high > 52) {
    return no_pattern(spelling, "exponent bits go from 2 to 11, stored significand bits from 1 to 52, the smaller first");
  }
  std::vector<FormatPattern> patterns;
  for (int e = exponent->low; e <= exponent->high; ++e) {
    for (int p = significand->low; p <= significand->high; ++p) patterns.push_back({.single = make_float(e, p)});
  }
  return patterns;
}

constexpr int kMostWidths = 128;

// FAMILY<low..high REST: a format of each width.
Result<std::vector<FormatPattern>> widths_of_family(const std::string& spelling, const std::smatch& match) {
  const auto widths = span_of(match[2], match[3]);
  if (!widths || widths->low < 1 || widths->high > kMostWidths) {
    return no_pattern(spelling, "widths go from 1 to " + std::to_string(kMostWidths) + ", the smaller first");
  }
  std::vector<FormatPattern> patterns;
  for (int width = widths->low; width <= widths->high; ++width) {
    auto format = parse_format(match[1].str() + std::to_string(width) + match[4].str());
    if (!format) return no_pattern(spelling, format.error().message, format.error().helps);
    patterns.push_back({.single = *std::move(format)});
  }
  return patterns;
}

// The nearest named format, or the nearest family opening for a misspelt one.
std::vector<std::string> helps_for(const std::string& spelling) {
  std::vector<std::string> names;
  if (const auto known = named_formats()) {
    for (const Format& format : *known) names.push_back(format.name);
  }
  const std::size_t bracket = spelling.find('<');
  if (bracket == std::string::npos) return nearest_help(spelling, names);
  const std::string family = nearest_name(spelling.substr(0, bracket), {"fixed", "ufixed", "float"});
  if (family.empty()) return {};
  return {"did you mean '" + family + spelling.substr(bracket) + "'?"};
}

Result<std::vector<FormatPattern>> parse_pattern(const std::string& spelling) {
  static const std::regex fixed(R"((u?fixed)<\s*(\d{1,4})(?:\s*\.\.\s*(\d{1,4}))?\s*,\s*\*\s*>)");
  static const std::regex floating(R"(e\{\s*(\d{1,3})(?:\s*\.\.\s*(\d{1,3}))?\s*\}m\{\s*(\d{1,3})(?:\s*\.\.\s*(\d{1,3}))?\s*\})");
  static const std::regex widths(R"(([a-z][a-z-]*<)\s*(\d{1,4})\s*\.\.\s*(\d{1,4})\s*([,>][^*]*))");
  std::smatch match;
  if (std::regex_match(spelling, match, fixed)) {
    auto pattern = fixed_family(spelling, match);
    if (!pattern) return fail(pattern.error());
    return std::vector<FormatPattern>{*pattern};
  }
  if (std::regex_match(spelling, match, floating)) return float_family(spelling, match);
  if (std::regex_match(spelling, match, widths)) return widths_of_family(spelling, match);
  auto format = parse_format(spelling);
  if (!format) {
    std::vector<std::string> helps = helps_for(spelling);
    if (helps.empty()) helps = format.error().helps;
    return no_pattern(spelling, format.error().message, std::move(helps));
  }
  return std::vector<FormatPattern>{FormatPattern{.single = *std::move(format)}};
}

}  // namespace

Result<std::vector<FormatPattern>> parse_patterns(const std::vector<std::string>& patterns) {
  if (patterns.empty()) return no_pattern("", "the list of formats is empty");
  std::vector<FormatPattern> result;
  for (const std::string& spelling : patterns) {
    auto some = parse_pattern(spelling);
    if (!some) return fail(some.error());
    result.insert(result.end(), some->begin(), some->end());
  }
  return result;
}

}  // namespace halfulp
