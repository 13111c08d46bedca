// A TOML table read key by key: types are checked with line and column, and keys that nobody asked for are errors.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <toml++/toml.h>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp::schedule_detail {

class TableReader {
 public:
  // `what` names the table in messages: "[result]", "layer 'conv1'".
  TableReader(const toml::table& table, std::string file, std::string what);

  // E0303 for the first key that is not in `known`, with the nearest known key as help.
  Result<void> check_keys(const std::vector<std::string>& known) const;

  // Absent keys leave `out` as it is; a wrong type is E0304.
  Result<void> text(const char* key, std::string& out) const;
  Result<void> real(const char* key, std::optional<double>& out, double lo, double hi) const;
  Result<void> flag(const char* key, bool& out) const;
  Result<void> seed(const char* key, std::uint64_t& out) const;
  Result<const toml::table*> table(const char* key) const;      // nullptr if absent
  Result<const toml::array*> tables(const char* key) const;     // nullptr if absent; every element a table

  bool has(const char* key) const { return table_.contains(key); }
  std::string place(const char* key) const;
  std::string place() const { return place_of(table_); }
  std::string place_of(const toml::node& node) const;
  const toml::table& raw() const { return table_; }
  const std::string& file() const { return file_; }
  const std::string& what() const { return what_; }

 private:
  tl::unexpected<Diagnostic> wrong_type(const char* key, const std::string& wanted) const;

  const toml::table& table_;
  std::string file_;
  std::string what_;
};

}  // namespace halfulp::schedule_detail
