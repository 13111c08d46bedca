#include "archive.hpp"

#include <algorithm>
#include <map>

#include "code_text.hpp"
#include "halfulp/support/zip.hpp"
#include "pickle.hpp"

namespace halfulp {
namespace {

// Records by their name inside the archive's one top folder: "data.pkl", "data/0", "code/__torch__.py".
using Records = std::map<std::string, const ZipRecord*>;

bool starts_with(const std::string& text, std::string_view start) { return text.rfind(start, 0) == 0; }
bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_expected(const std::string& name) {
  static const std::vector<std::string> kNames = {"data.pkl", "constants.pkl", "version", "byteorder", ".format_version", ".storage_alignment"};
  if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
  if (starts_with(name, "code/")) return ends_with(name, ".py") || ends_with(name, ".debug_pkl");
  return starts_with(name, "data/") || starts_with(name, "constants/") || starts_with(name, ".data/") || starts_with(name, "extra/");
}

Result<Records> named_records(const std::vector<ZipRecord>& records) {
  Records named;
  const std::string folder = records.empty() ? "" : records[0].name.substr(0, records[0].name.find('/') + 1);
  for (const ZipRecord& record : records) {
    if (folder.empty() || !starts_with(record.name, folder)) return fail("E0112", "record '" + record.name + "' is outside the archive's one folder");
    const std::string name = record.name.substr(folder.size());
    if (!is_expected(name)) return fail("E0112", "record '" + record.name + "' belongs to no TorchScript model");
    named[name] = &record;
  }
  for (const char* needed : {"data.pkl", "constants.pkl", "version"}) {
    if (named.contains(needed)) continue;
    if (needed == std::string_view("version") && named.contains(".data/version")) continue;  // where file versions 6 and later keep it
    return fail("E0110", std::string("the archive has no record '") + needed + "', so it is no TorchScript model", {},
                {"a file of torch.save holds no program: save with torch.jit.script(model).save(path)"});
  }
  return named;
}

RecordSize sizes_in(const Records& records, const std::string& folder) {
  return [&records, folder](const std::string& key) -> std::optional<std::uint64_t> {
    const auto found = records.find(folder + key);
    if (found == records.end()) return std::nullopt;
    return found->second->size;
  };
}

std::string folder_of_tensors(const std::string& name) {
  if (name == "data.pkl") return "data/";
  return name == "constants.pkl" ? "constants/" : "none/";
}

Result<void> check_record(const Records& records, const std::string& name, const ZipRecord& record) {
  const bool is_pickle = ends_with(name, ".pkl") || ends_with(name, ".debug_pkl");
  const bool is_code = ends_with(name, ".py");
  if (!is_pickle && !is_code && name != "byteorder") {
    if (checksum_agrees(record.packed, record.checksum)) return {};
    return fail("E0111", "record '" + record.name + "' is damaged: its checksum does not agree");
  }
  const auto bytes = unpack(record);
  if (!bytes) return fail(bytes.error());
  if (is_code) return check_code(*bytes, name);
  if (is_pickle) return check_pickle(*bytes, name, sizes_in(records, folder_of_tensors(name)));
  if (*bytes == "little") return {};
  return fail("E0112", "the model was saved with another byte order");
}

}  // namespace

Result<void> check_archive(std::string_view archive) {
  const auto records = read_zip_directory(archive);
  if (!records) return fail(records.error());
  const auto named = named_records(*records);
  if (!named) return fail(named.error());
  for (const auto& [name, record] : *named) {
    if (auto checked = check_record(*named, name, *record); !checked) return checked;
  }
  return {};
}

}  // namespace halfulp
