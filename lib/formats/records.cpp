#include <algorithm>
#include <filesystem>
#include <set>

#include "families.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

Result<std::vector<std::string>> record_files() {
  const std::filesystem::path folder = std::filesystem::path(rules_folder()) / "formats";
  std::error_code error;
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".toml") files.push_back(entry->path().string());
  }
  if (error) {
    return fail("E0101", "cannot read the formats in '" + folder.string() + "': " + error.message(),
                folder.string(), {"HALFULP_RULES names another folder of rules"});
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<FormatRecord>> load_records() {
  const auto files = record_files();
  if (!files) return fail(files.error());
  std::vector<FormatRecord> all;
  std::set<std::string> names;
  for (const std::string& file : *files) {
    auto records = read_records(file);
    if (!records) return fail(records.error());
    for (FormatRecord& record : *records) {
      std::vector<std::string> spellings = record.aliases;
      spellings.push_back(record.format.name);
      for (const std::string& name : spellings) {
        if (!names.insert(name).second) {
          return fail("E0204", "bad format record: the name '" + name + "' is taken", file);
        }
      }
      all.push_back(std::move(record));
    }
  }
  return all;
}

}  // namespace

const Result<std::vector<FormatRecord>>& format_records() {
  static const Result<std::vector<FormatRecord>> records = load_records();
  return records;
}

Result<std::vector<Format>> named_formats() {
  const auto& records = format_records();
  if (!records) return fail(records.error());
  std::vector<Format> formats;
  for (const FormatRecord& record : *records) formats.push_back(record.format);
  return formats;
}

}  // namespace halfulp
