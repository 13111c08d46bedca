// A folder of files that appears whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp::emit_detail {

struct TextFile {
  std::string name;
  std::string text;
};

// Errors: E0703 folder not empty without overwrite, E0103 not writable. Other files of an overwritten folder stay.
Result<std::vector<std::string>> write_folder(const std::string& folder, const std::vector<TextFile>& files, bool overwrite);

}  // namespace halfulp::emit_detail
