// Target descriptors: rules/targets/NAME.toml with the keys name, summary and the table [cost].
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <toml++/toml.h>

#include "halfulp/cost/cost.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

std::filesystem::path folder() { return std::filesystem::path(rules_folder()) / "targets"; }

Result<double> price(const toml::table& table, const char* key, const std::string& path) {
  const auto value = table[key].value<double>();
  if (!value || !std::isfinite(*value) || *value < 0) {
    return fail("E0712", "target key cost." + std::string(key) + " must be a non-negative number", path);
  }
  return *value;
}

Result<void> check_keys(const toml::table& table, const std::vector<std::string>& known, const std::string& path) {
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail("E0712", "unknown key '" + name + "' in a target", path, nearest_help(name, known));
    }
  }
  return {};
}

Result<Target> parse(const std::string& text, const std::string& path) {
  toml::table table;
  try {
    table = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return fail("E0712", std::string(error.description()), path + ":" + std::to_string(error.source().begin.line));
  }
  if (auto known = check_keys(table, {"name", "summary", "cost"}, path); !known) return fail(known.error());
  const toml::table* costs = table["cost"].as_table();
  const auto name = table["name"].value<std::string>();
  if (!costs || !name) return fail("E0712", "a target needs `name` and a table [cost]", path);
  if (auto known = check_keys(*costs, {"per_weight_bit", "per_activation_bit"}, path); !known) return fail(known.error());
  const auto weight = price(*costs, "per_weight_bit", path), activation = price(*costs, "per_activation_bit", path);
  if (!weight) return fail(weight.error());
  if (!activation) return fail(activation.error());
  return Target{.name = *name,
                .summary = table["summary"].value_or(std::string()),
                .per_weight_bit = *weight,
                .per_activation_bit = *activation};
}

}  // namespace

Result<std::vector<std::string>> target_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder(), error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".toml") names.push_back(entry->path().stem().string());
  }
  if (error) return fail("E0712", "cannot list the targets: " + error.message(), folder().string());
  std::sort(names.begin(), names.end());
  return names;
}

Result<Target> read_target(const std::string& name) {
  auto names = target_names();
  if (!names) return fail(names.error());
  if (std::find(names->begin(), names->end(), name) == names->end()) {
    std::string known;
    for (const std::string& each : *names) known += (known.empty() ? "" : ", ") + each;
    return fail("E0711", "no target '" + name + "'; there is " + known, {}, nearest_help(name, *names));
  }
  const std::string path = (folder() / (name + ".toml")).string();
  auto text = read_file(path);
  if (!text) return fail(text.error());
  return parse(*text, path);
}

}  // namespace halfulp
