// Where target files are found: rules/targets/NAME.toml, or a path.
#include <algorithm>
#include <filesystem>

#include "halfulp/cost/cost.hpp"
#include "halfulp/support/text.hpp"
#include "target_reader.hpp"

namespace halfulp {
namespace {

std::filesystem::path folder() { return std::filesystem::path(rules_folder()) / "targets"; }

Result<Target> read_file_of(const std::string& path) {
  auto text = read_file(path);
  if (!text) return fail(text.error());
  return parse_target(*text, path);
}

}  // namespace

Result<std::vector<std::string>> target_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder(), error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".toml") names.push_back(entry->path().stem().string());
  }
  if (error) return fail("E0712", "cannot list the targets: " + error.message(), folder().string());
  std::sort(names.begin(), names.end());
  return names;
}

Result<Target> read_target(const std::string& name) {
  if (name.ends_with(".toml")) return read_file_of(name);
  auto names = target_names();
  if (!names) return fail(names.error());
  if (std::find(names->begin(), names->end(), name) == names->end()) {
    std::string known;
    for (const std::string& each : *names) known += (known.empty() ? "" : ", ") + each;
    return fail("E0711", "no target '" + name + "'; there is " + known, {}, nearest_help(name, *names));
  }
  return read_file_of((folder() / (name + ".toml")).string());
}

}  // namespace halfulp
