#include "table_reader.hpp"

#include <algorithm>

#include "halfulp/support/text.hpp"
#include "toml_fields.hpp"

namespace halfulp::target_file {
namespace {

Result<std::vector<std::string>> texts(const toml::table& row, const char* key, const std::string& path) {
  const toml::node* node = row.get(key);
  if (!node) return complain(path, row, "the key `" + std::string(key) + "` is missing");
  if (const auto one = node->value_exact<std::string>()) return std::vector<std::string>{*one};
  std::vector<std::string> all;
  const toml::array* array = node->as_array();
  for (std::size_t i = 0; array && i < array->size(); ++i) {
    const auto value = (*array)[i].value_exact<std::string>();
    if (!value) return complain(path, (*array)[i], "`" + std::string(key) + "` must hold strings");
    all.push_back(*value);
  }
  if (!array) return complain(path, *node, "`" + std::string(key) + "` must be a string or an array of strings");
  return all;
}

Result<void> read_axes(const toml::table& row, const std::string& path, OperationTable& table) {
  const auto names = texts(row, "axes", path);
  if (!names) return fail(names.error());
  if (names->size() > 2) return complain(path, *row.get("axes"), "a table has at most two axes");
  for (const std::string& name : *names) {
    const auto axis = axis_of(name);
    if (!axis) return complain(path, *row.get("axes"), "unknown axis '" + name + "'", nearest_help(name, axis_spellings()));
    auto grid = numbers(row, name.c_str(), path);
    if (!grid) return fail(grid.error());
    if (grid->empty() || std::adjacent_find(grid->begin(), grid->end(), std::greater_equal<>()) != grid->end()) {
      return complain(path, *row.get(name), "the grid `" + name + "` must be strictly increasing");
    }
    table.axes.push_back(*axis);
    table.grid.push_back(*std::move(grid));
  }
  return {};
}

Result<void> append_row(const toml::node& node, std::size_t columns, const std::string& path, std::vector<double>& values) {
  const toml::array* array = node.as_array();
  if (!array || array->size() != columns) {
    return complain(path, node, "`values` needs " + std::to_string(columns) + " numbers here, one a grid point");
  }
  for (const toml::node& each : *array) {
    const auto value = number(each, "an entry of `values`", path);
    if (!value) return fail(value.error());
    values.push_back(*value);
  }
  return {};
}

Result<void> read_values(const toml::table& row, const std::string& path, OperationTable& table) {
  const toml::node* node = row.get("values");
  if (!node) return complain(path, row, "the key `values` is missing");
  if (table.axes.empty()) {
    const auto value = number(*node, "`values` of a table without axes", path);
    if (!value) return fail(value.error());
    table.values = {*value};
    return {};
  }
  if (table.axes.size() == 1) return append_row(*node, table.grid[0].size(), path, table.values);
  const toml::array* rows = node->as_array();
  if (!rows || rows->size() != table.grid[0].size()) {
    return complain(path, *node, "`values` needs " + std::to_string(table.grid[0].size()) + " rows, one a point of the first axis");
  }
  for (const toml::node& each : *rows) {
    if (auto done = append_row(each, table.grid[1].size(), path, table.values); !done) return done;
  }
  return {};
}

Result<void> read_interpolation(const toml::table& row, const std::string& path, OperationTable& table) {
  const toml::node* node = row.get("interpolation");
  if (!node) return {};
  const auto word = node->value_exact<std::string>();
  if (word != "linear" && word != "power") return complain(path, *node, "`interpolation` is \"linear\" or \"power\"");
  if (word == "linear") return {};
  const auto is_zero = [](double x) { return x == 0; };
  bool positive = std::none_of(table.values.begin(), table.values.end(), is_zero);
  for (const auto& grid : table.grid) positive = positive && std::none_of(grid.begin(), grid.end(), is_zero);
  if (!positive) return complain(path, *node, "interpolation by powers needs positive grid points and values");
  table.interpolation = Interpolation::kPower;
  return {};
}

}  // namespace

Result<std::vector<OperationTable>> read_tables(const toml::table& row, const std::string& path) {
  std::vector<std::string> known = axis_spellings();
  known.insert(known.end(), {"operation", "component", "axes", "values", "interpolation"});
  if (auto checked = check_keys(row, known, path); !checked) return fail(checked.error());
  OperationTable table;
  auto component = text(row, "component", path);
  if (!component) return fail(component.error());
  table.component = *std::move(component);
  if (auto done = read_axes(row, path, table); !done) return fail(done.error());
  if (auto done = read_values(row, path, table); !done) return fail(done.error());
  if (auto done = read_interpolation(row, path, table); !done) return fail(done.error());
  const auto names = texts(row, "operation", path);
  if (!names) return fail(names.error());
  std::vector<OperationTable> tables;
  for (const std::string& name : *names) {
    const auto operation = operation_of(name);
    if (!operation) {
      return complain(path, *row.get("operation"), "unknown operation '" + name + "'", nearest_help(name, operation_spellings()));
    }
    tables.push_back(table);
    tables.back().operation = *operation;
  }
  return tables;
}

}  // namespace halfulp::target_file
