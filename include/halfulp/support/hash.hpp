// SHA-256 of bytes and of files, as lower-case hex.
#pragma once

#include <string>
#include <string_view>

#include "halfulp/support/result.hpp"

namespace halfulp {

std::string sha256(std::string_view bytes);
Result<std::string> sha256_file(const std::string& path);

}  // namespace halfulp
