#pragma once

#include <string>

namespace halfulp::cli {

// SHA-256 over the names and contents of all files of the rules folder, in the order of their names; empty without the folder.
std::string rules_sha256();

}  // namespace halfulp::cli
