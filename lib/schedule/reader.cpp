#include "reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "halfulp/support/text.hpp"

namespace halfulp::schedule_detail {

TableReader::TableReader(const toml::table& table, std::string file, std::string what)
    : table_(table), file_(std::move(file)), what_(std::move(what)) {}

std::string TableReader::place_of(const toml::node& node) const {
  const auto& begin = node.source().begin;
  return fmt::format("{}:{}:{}", file_, begin.line, begin.column);
}

std::string TableReader::place(const char* key) const {
  const toml::node* node = table_.get(key);
  return node ? place_of(*node) : place();
}

Result<void> TableReader::check_keys(const std::vector<std::string>& known) const {
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::vector<std::string> helps = nearest_help(name, known);
    helps.push_back(fmt::format("keys here: {}", fmt::join(known, ", ")));
    return fail("E0303", fmt::format("unknown key '{}' in {}", name, what_), place_of(node), helps);
  }
  return {};
}

tl::unexpected<Diagnostic> TableReader::wrong_type(const char* key, const std::string& wanted) const {
  return fail("E0304", fmt::format("'{}' in {} must be {}", key, what_, wanted), place(key));
}

Result<void> TableReader::text(const char* key, std::string& out) const {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  const auto* value = node->as_string();
  if (!value) return wrong_type(key, "a string");
  out = value->get();
  return {};
}

Result<void> TableReader::real(const char* key, std::optional<double>& out, double lo, double hi) const {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  const auto value = node->is_number() ? node->value<double>() : std::nullopt;
  if (!value || !(lo <= *value && *value <= hi)) {
    return wrong_type(key, fmt::format("a number in [{}, {}]", shortest(lo), shortest(hi)));
  }
  out = *value;
  return {};
}

Result<void> TableReader::flag(const char* key, bool& out) const {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  const auto* value = node->as_boolean();
  if (!value) return wrong_type(key, "true or false");
  out = value->get();
  return {};
}

Result<void> TableReader::seed(const char* key, std::uint64_t& out) const {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  const std::string wanted = "an integer in [0, 2^64), above 2^63 as a string";
  if (const auto* integer = node->as_integer()) {
    if (integer->get() < 0) return wrong_type(key, wanted);
    out = static_cast<std::uint64_t>(integer->get());
    return {};
  }
  const auto* spelled = node->as_string();
  if (!spelled) return wrong_type(key, wanted);
  const std::string& digits = spelled->get();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (error != std::errc{} || end != digits.data() + digits.size()) return wrong_type(key, wanted);
  return {};
}

Result<const toml::table*> TableReader::table(const char* key) const {
  const toml::node* node = table_.get(key);
  if (!node) return nullptr;
  if (!node->is_table()) return wrong_type(key, "a table");
  return node->as_table();
}

Result<const toml::array*> TableReader::tables(const char* key) const {
  const toml::node* node = table_.get(key);
  if (!node) return nullptr;
  const toml::array* array = node->as_array();
  const bool all_tables = array && std::all_of(array->begin(), array->end(), [](const auto& e) { return e.is_table(); });
  if (!all_tables) return wrong_type(key, fmt::format("an array of tables, each headed [[{}]]", key));
  return array;
}

}  // namespace halfulp::schedule_detail
