#include "toml_fields.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/support/text.hpp"

namespace halfulp::target_file {

std::string place_of(const std::string& path, const toml::node& node) {
  return path + ":" + std::to_string(node.source().begin.line) + ":" + std::to_string(node.source().begin.column);
}

tl::unexpected<Diagnostic> complain(const std::string& path, const toml::node& node, const std::string& message,
                                    std::vector<std::string> helps) {
  return fail("E0712", message, place_of(path, node), std::move(helps));
}

Result<void> check_keys(const toml::table& table, const std::vector<std::string>& known, const std::string& path) {
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return complain(path, value, "unknown key '" + name + "' in a target", nearest_help(name, known));
    }
  }
  return {};
}

Result<std::string> text(const toml::table& table, const char* key, const std::string& path) {
  const toml::node* node = table.get(key);
  if (!node) return complain(path, table, "the key `" + std::string(key) + "` is missing");
  const auto value = node->value_exact<std::string>();
  if (!value) return complain(path, *node, "`" + std::string(key) + "` must be a string");
  return *value;
}

Result<double> number(const toml::node& node, const std::string& what, const std::string& path) {
  const auto value = node.value<double>();
  if (!node.is_number() || !value || !std::isfinite(*value) || *value < 0) {
    return complain(path, node, what + " must be a non-negative number");
  }
  return *value;
}

Result<std::vector<double>> numbers(const toml::table& table, const char* key, const std::string& path) {
  const toml::node* node = table.get(key);
  if (!node) return complain(path, table, "the key `" + std::string(key) + "` is missing");
  if (!node->is_array()) return complain(path, *node, "`" + std::string(key) + "` must be an array of numbers");
  std::vector<double> values;
  for (const toml::node& each : *node->as_array()) {
    const auto value = number(each, "an entry of `" + std::string(key) + "`", path);
    if (!value) return fail(value.error());
    values.push_back(*value);
  }
  return values;
}

}  // namespace halfulp::target_file
