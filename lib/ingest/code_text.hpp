// Looks through TorchScript source for code that LibTorch would run while it loads a model: __setstate__ methods, and calls in
// the default values of parameters and class attributes, which its importer evaluates.
#pragma once

#include <string>
#include <string_view>

#include "halfulp/support/result.hpp"

namespace halfulp {

// Errors: E0114, place `name`:line.
Result<void> check_code(std::string_view text, const std::string& name);

}  // namespace halfulp
