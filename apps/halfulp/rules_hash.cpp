#include "rules_hash.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "halfulp/support/hash.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {

std::string rules_sha256() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = rules_folder();
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error)) files.push_back(fs::relative(at->path(), folder, error).generic_string());
  }
  if (files.empty()) return "";
  std::sort(files.begin(), files.end());
  std::string manifest;
  for (const auto& file : files) {
    manifest += file + " " + sha256_file((folder / file).string()).value_or("unreadable") + "\n";
  }
  return sha256(manifest);
}

}  // namespace halfulp::cli
