#include "halfulp/support/array_file.hpp"
#include "halfulp/support/npy.hpp"
#include "halfulp/support/text.hpp"
#include "halfulp/support/zip.hpp"

namespace halfulp {
namespace {

constexpr std::string_view kEnding = ".npy";
constexpr std::uint64_t kMostUnpackedMb = 4096;

tl::unexpected<Diagnostic> unreadable(const Diagnostic& reason, const std::string& path) { return fail("E0102", reason.message, path); }

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The record of the array to read: the one of that name, or the only one.
Result<const ZipRecord*> chosen(const std::vector<ZipRecord>& records, const std::string& member, const std::string& path) {
  std::vector<std::string> names;
  const ZipRecord* last = nullptr;
  for (const ZipRecord& record : records) {
    if (!std::string_view(record.name).ends_with(kEnding)) continue;
    names.push_back(record.name.substr(0, record.name.size() - kEnding.size()));
    if (!member.empty() && names.back() != member) continue;
    last = &record;
    if (!member.empty()) return last;
  }
  if (names.empty()) return fail("E0102", "the archive holds no NPY file", path, {"tensors saved by torch need the ending .pt or .pth"});
  if (!member.empty()) {
    auto helps = nearest_help(member, names);
    helps.push_back("arrays: " + joined(names));
    return fail("E0102", "the archive holds no array '" + member + "'", path, std::move(helps));
  }
  if (names.size() == 1) return last;
  return fail("E0102", "the archive holds " + std::to_string(names.size()) + " arrays: " + joined(names), path,
              {"name one: " + path + ":" + names.front()});
}

}  // namespace

Result<Tensor> parse_npz(std::string_view bytes, const std::string& member, const std::string& path) {
  const auto records = read_zip_directory(bytes, {.what = "NPZ file", .compressed_folder = "", .most_unpacked_mb = kMostUnpackedMb});
  if (!records) return unreadable(records.error(), path);
  const auto record = chosen(*records, member, path);
  if (!record) return fail(record.error());
  const auto content = unpack(**record);
  if (!content) return unreadable(content.error(), path);
  return parse_npy(*content, path + ":" + (*record)->name);
}

}  // namespace halfulp
