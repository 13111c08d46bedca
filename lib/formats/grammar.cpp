#include <algorithm>
#include <charconv>
#include <optional>

#include "families.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

std::string without_spaces(const std::string& text) {
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return c != ' ' && c != '\t'; });
  return result;
}

// Splits at separators outside <>.
std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '<' ? 1 : c == '>' ? -1 : 0;
    if (c == separator && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::optional<int> parse_integer(const std::string& text) {
  int value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

const char* parameters_of(const Family& family, std::string_view head) {
  for (int i = 0; i < 2; ++i) {
    if (family.heads[i] != nullptr && head == family.heads[i]) return family.parameters[i];
  }
  return nullptr;
}

const Family* parametric_family(std::string_view head) {
  for (const Family* family : families()) {
    if (parameters_of(*family, head) != nullptr) return family;
  }
  return nullptr;
}

Result<Format> parametric(const Family& family, const std::string& base, const std::string& head) {
  if (parameters_of(family, head)[0] == '\0') {
    if (head.size() == base.size()) return family.parse({base, head, {}, ""});
    return fail("E0202", "'" + head + "' takes no parameters");
  }
  const std::size_t end = base.rfind('>');
  if (head.size() == base.size() || end == std::string::npos) {
    return fail("E0202", "'" + base + "' lacks its parameters", "",
                {"write " + head + parameters_of(family, head)});
  }
  const std::string inside = base.substr(head.size() + 1, end - head.size() - 1);
  const Spelling spelling{base, head, split(inside, ','), base.substr(end + 1)};
  if (!spelling.suffix.empty() && spelling.suffix != "@channel") {
    return fail("E0202",
                "'" + spelling.suffix + "' after '" + base.substr(0, end + 1) + "' means nothing",
                "", {"@channel gives every channel a scale"});
  }
  auto format = family.parse(spelling);
  if (!format || spelling.suffix.empty()) return format;
  if (!family.modifiers.symmetry) {
    return fail("E0202", "'@channel' needs int<W> or uint<W>, '" + format->name + "' is neither");
  }
  return format;
}

Result<Format> unknown_format(const std::string& base, const std::string& head,
                              const std::vector<FormatRecord>& records) {
  std::vector<std::string> known;
  for (const Family* family : families()) {
    for (const char* name : family->heads) {
      if (name != nullptr) known.emplace_back(name);
    }
  }
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
  if (const Family* family = parametric_family(head)) return parametric(*family, base, head);
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

Result<std::vector<int>> integer_parameters(const Spelling& spelling, const Family& family,
                                            std::size_t count) {
  constexpr int kNoParameter = 1 << 20;  // far outside every range; keeps differences ints
  std::vector<int> numbers;
  for (const std::string& word : spelling.parameters) {
    const auto number = parse_integer(word);
    if (!number) break;
    numbers.push_back(std::clamp(*number, -kNoParameter, kNoParameter));
  }
  if (numbers.size() == count && spelling.parameters.size() == count) return numbers;
  return fail("E0202", "'" + spelling.text + "' must have " +
                           (count == 1 ? "one integer parameter, " : "two integer parameters, ") +
                           spelling.head + parameters_of(family, spelling.head));
}

Result<Format> parse_format(const std::string& spelling) {
  auto parts = split(without_spaces(spelling), ':');
  auto format = parse_base(parts.front());
  if (!format) return format;
  parts.erase(parts.begin());
  if (auto applied = apply_modifiers(*format, parts); !applied) return fail(applied.error());
  return format;
}

}  // namespace halfulp
