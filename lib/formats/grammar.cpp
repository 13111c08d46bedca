#include <algorithm>
#include <charconv>
#include <optional>

#include "families.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

// Families the grammar reserves names for and that have no implementation.
constexpr std::string_view kReservedFamilies[] = {
    "posit", "takum", "lns", "int", "uint", "bfp", "mx", "nvfp4", "dynamic-fixed", "e8m0"};

std::string without_spaces(const std::string& text) {
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return c != ' ' && c != '\t'; });
  return result;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (true) {
    const std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string::npos) return parts;
    start = end + 1;
  }
}

std::optional<int> parse_integer(const std::string& text) {
  int value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<Format> two_parameters(const std::string& head, const std::string& base) {
  const std::string inside = base.substr(head.size() + 1, base.size() - head.size() - 2);
  const auto words = split(inside, ',');
  const auto first = parse_integer(words[0]);
  const auto second = words.size() == 2 ? parse_integer(words[1]) : std::nullopt;
  if (!first || !second) {
    const std::string wanted = head == "float" ? "<E,P>" : "<W,I>";
    return fail("E0202", "'" + base + "' must have two integer parameters, " + head + wanted);
  }
  constexpr int kNoParameter = 1 << 20;  // far outside every range; keeps W - I an int
  const int a = std::clamp(*first, -kNoParameter, kNoParameter);
  const int b = std::clamp(*second, -kNoParameter, kNoParameter);
  if (head == "float") return checked_float(a, b);
  return checked_fixed(head == "fixed", a, b);
}

Result<Format> unknown_format(const std::string& base, const std::string& head,
                              const std::vector<FormatRecord>& records) {
  for (const std::string_view family : kReservedFamilies) {
    if (head == family) {
      return fail("E0201", "the format family '" + head + "' is not available yet", "",
                  {"available are fixed<W,I>, ufixed<W,I>, float<E,P> and the named formats"});
    }
  }
  std::vector<std::string> known = {"fixed", "ufixed", "float"};
  for (const FormatRecord& record : records) {
    known.push_back(record.format.name);
    known.insert(known.end(), record.aliases.begin(), record.aliases.end());
  }
  auto helps = nearest_help(head, known);
  helps.emplace_back("`halfulp formats` lists all formats");
  return fail("E0201", "unknown format '" + base + "'", "", std::move(helps));
}

Result<Format> parse_base(const std::string& base) {
  const std::string head = base.substr(0, base.find('<'));
  const bool has_parameters = head.size() < base.size();
  const bool parametric = head == "fixed" || head == "ufixed" || head == "float";
  if (parametric && has_parameters && base.ends_with('>')) return two_parameters(head, base);
  if (parametric) {
    return fail("E0202", "'" + base + "' lacks its parameters", "",
                {"write " + head + (head == "float" ? "<E,P>" : "<W,I>")});
  }
  const auto& records = format_records();
  if (!records) return fail(records.error());
  for (const FormatRecord& record : *records) {
    const bool is_alias =
        std::find(record.aliases.begin(), record.aliases.end(), base) != record.aliases.end();
    if (record.format.name == base || is_alias) return record.format;
  }
  return unknown_format(base, head, *records);
}

}  // namespace

Result<Format> parse_format(const std::string& spelling) {
  auto parts = split(without_spaces(spelling), ':');
  auto format = parse_base(parts.front());
  if (!format) return format;
  parts.erase(parts.begin());
  if (auto applied = apply_modifiers(*format, parts); !applied) return fail(applied.error());
  return format;
}

}  // namespace halfulp
