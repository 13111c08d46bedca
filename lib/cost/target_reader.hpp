#pragma once

#include "halfulp/cost/cost.hpp"

namespace halfulp {

// The text of a target file; `path` is named in errors. Errors: E0712 with path:line:column.
Result<Target> parse_target(const std::string& text, const std::string& path);

}  // namespace halfulp
