// The checks of a TorchScript archive that need no torch: directory, records, pickles, code text.
#pragma once

#include <string_view>

#include "halfulp/support/result.hpp"

namespace halfulp {

// Errors: E0110 to E0115.
Result<void> check_archive(std::string_view archive);

}  // namespace halfulp
