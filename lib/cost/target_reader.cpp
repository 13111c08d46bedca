// A target file: name, summary, counting, exact_value, the table [cost] of prices and the [[table]]s of operations. [measurement] and
// `source` say where the figures come from; they are for readers.
#include "target_reader.hpp"

#include <algorithm>

#include "table_reader.hpp"
#include "toml_fields.hpp"

namespace halfulp {
namespace {

using namespace target_file;

Result<void> read_counting(const toml::table& root, const std::string& path, Target& target) {
  const toml::node* node = root.get("counting");
  if (!node) return {};
  const auto word = node->value_exact<std::string>();
  if (word == "every_operation") {
    target.counting = Counting::kEveryOperation;
  } else if (word == "unit_a_node") {
    target.counting = Counting::kUnitANode;
  } else {
    return complain(path, *node, "`counting` is \"every_operation\" or \"unit_a_node\"");
  }
  return {};
}

Result<void> read_exact_value(const toml::table& root, const std::string& path, Target& target) {
  const toml::node* node = root.get("exact_value");
  if (!node) return {};
  const auto spelling = node->value_exact<std::string>();
  if (!spelling) return complain(path, *node, "`exact_value` must be the spelling of a format");
  auto format = parse_format(*spelling);
  if (!format) return complain(path, *node, "`exact_value`: " + format.error().message, format.error().helps);
  target.exact_value = *std::move(format);
  return {};
}

Result<void> read_all_tables(const toml::table& root, const std::string& path, Target& target) {
  const toml::node* node = root.get("table");
  if (!node) return {};
  if (!node->is_array_of_tables()) return complain(path, *node, "operations are tables [[table]]");
  for (const toml::node& row : *node->as_array()) {
    auto tables = read_tables(*row.as_table(), path);
    if (!tables) return fail(tables.error());
    target.tables.insert(target.tables.end(), tables->begin(), tables->end());
  }
  return {};
}

Result<void> read_prices(const toml::table& root, const std::string& path, Target& target) {
  const toml::table* costs = root["cost"].as_table();
  if (!costs) return complain(path, root, "a target needs a table [cost]");
  std::vector<std::string> known = {"per_weight_bit", "per_activation_bit"};
  for (const OperationTable& table : target.tables) known.push_back(table.component);
  if (auto checked = check_keys(*costs, known, path); !checked) return checked;
  target.per_weight_bit = target.per_activation_bit = 0;
  for (const auto& [key, node] : *costs) {
    const std::string name(key.str());
    const auto price = number(node, "`cost." + name + "`", path);
    if (!price) return fail(price.error());
    if (name == "per_weight_bit") {
      target.per_weight_bit = *price;
    } else if (name == "per_activation_bit") {
      target.per_activation_bit = *price;
    } else {
      target.prices[name] = *price;
    }
  }
  return {};
}

}  // namespace

Result<Target> parse_target(const std::string& content, const std::string& path) {
  toml::table root;
  try {
    root = toml::parse(content, path);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return fail("E0712", std::string(error.description()), path + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column));
  }
  const std::vector<std::string> known = {"name", "summary", "source", "counting", "exact_value", "cost", "table", "measurement"};
  if (auto checked = check_keys(root, known, path); !checked) return fail(checked.error());
  Target target;
  auto name = text(root, "name", path), summary = text(root, "summary", path);
  if (!name) return fail(name.error());
  if (!summary) return fail(summary.error());
  target.name = *std::move(name);
  target.summary = *std::move(summary);
  for (const auto read : {read_counting, read_exact_value, read_all_tables, read_prices}) {
    if (auto done = read(root, path, target); !done) return fail(done.error());
  }
  return target;
}

}  // namespace halfulp
