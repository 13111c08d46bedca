// Typed reading of TOML values that complains with file:line:column.
#pragma once

#include <string>
#include <toml++/toml.h>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp::target_file {

std::string place_of(const std::string& path, const toml::node& node);
tl::unexpected<Diagnostic> complain(const std::string& path, const toml::node& node, const std::string& message,
                                    std::vector<std::string> helps = {});
// Every key is one of `known`.
Result<void> check_keys(const toml::table& table, const std::vector<std::string>& known, const std::string& path);
Result<std::string> text(const toml::table& table, const char* key, const std::string& path);
// A non-negative finite number.
Result<double> number(const toml::node& node, const std::string& what, const std::string& path);
Result<std::vector<double>> numbers(const toml::table& table, const char* key, const std::string& path);

}  // namespace halfulp::target_file
