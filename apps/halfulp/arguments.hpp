// Command-line words read against a command's table. Reading values goes through the checked types of values.hpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "command.hpp"

namespace halfulp::cli {

class Arguments {
 public:
  bool has(const std::string& option) const { return given_.contains(option); }
  // The value given, else the table's default, else empty.
  std::string text(const std::string& option) const;
  std::optional<std::string> given(const std::string& option) const;
  std::vector<std::string> all(const std::string& option) const;
  int count(const std::string& option) const { return static_cast<int>(all(option).size()); }
  const std::vector<std::string>& operands() const { return operands_; }
  // E0003 when none, or more than one, of the options is given.
  Result<std::string> exactly_one(const std::vector<std::string>& options) const;
  Result<std::optional<std::string>> at_most_one(const std::vector<std::string>& options) const;

 private:
  friend Result<Arguments> parse_words(const Command& command, const std::vector<std::string>& words);
  std::map<std::string, std::vector<std::string>> given_;
  std::map<std::string, std::string> fallback_;
  std::vector<std::string> operands_;
};

// Options and operands of `command` (global options included) among the words after the command's name.
// Errors: E0002 unknown option (nearest as help), E0003 wrong use of one, E0004 operands too few or too many.
Result<Arguments> parse_words(const Command& command, const std::vector<std::string>& words);

}  // namespace halfulp::cli
