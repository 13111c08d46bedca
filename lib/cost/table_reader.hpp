#pragma once

#include <string>
#include <toml++/toml.h>
#include <vector>

#include "halfulp/cost/operation.hpp"
#include "halfulp/support/result.hpp"

namespace halfulp::target_file {

// One [[table]]: its `operation` may be a list, then there is a table for each.
Result<std::vector<OperationTable>> read_tables(const toml::table& row, const std::string& path);

}  // namespace halfulp::target_file
