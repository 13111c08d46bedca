#include "halfulp/support/zip.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

namespace halfulp {
namespace {

// Sizes and signatures of the zip format (APPNOTE 6.3, sections 4.3.7 to 4.3.16).
constexpr std::size_t kEndSize = 22, kLocatorSize = 20, kEnd64Size = 56, kEntrySize = 46, kLocalSize = 30;
constexpr std::uint32_t kEndSignature = 0x06054b50, kLocatorSignature = 0x07064b50, kEnd64Signature = 0x06064b50,
                        kEntrySignature = 0x02014b50, kLocalSignature = 0x04034b50;
constexpr std::size_t kMaxRecords = 100'000, kMaxName = 4096;
constexpr std::uint64_t kMaxRatio = 1000;                        // deflate reaches 1032

template <typename T>
T field(std::string_view bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

struct Directory {
  std::uint64_t offset = 0, size = 0, entries = 0;
};

struct Entry {
  std::uint16_t flags = 0, method = 0;
  std::uint32_t checksum = 0, packed_size = 0, size = 0, local_offset = 0;
  std::string name;
};

Result<Directory> directory_of(std::string_view archive, const std::string& what) {
  const auto truncated = fail("E0111", "the archive is truncated: it does not end with a zip directory");
  if (archive.size() < 4 || field<std::uint32_t>(archive, 0) != kLocalSignature) {
    std::vector<std::string> helps;
    if (what == ZipRules{}.what) helps = {"save the model with torch.jit.script(model).save(path) or torch.jit.trace(model, input).save(path)"};
    return fail("E0110", "the file is no zip archive, so no " + what, {}, std::move(helps));
  }
  if (archive.size() < kEndSize) return truncated;
  const std::size_t end = archive.size() - kEndSize;
  if (field<std::uint32_t>(archive, end) != kEndSignature || field<std::uint16_t>(archive, end + 20) != 0) return truncated;
  Directory directory{field<std::uint32_t>(archive, end + 16), field<std::uint32_t>(archive, end + 12),
                      field<std::uint16_t>(archive, end + 10)};
  std::size_t directory_end = end;
  const bool has_locator = end >= kLocatorSize + kEnd64Size && field<std::uint32_t>(archive, end - kLocatorSize) == kLocatorSignature;
  if (has_locator) {
    directory_end = end - kLocatorSize - kEnd64Size;
    const bool in_place = field<std::uint64_t>(archive, end - kLocatorSize + 8) == directory_end &&
                          field<std::uint32_t>(archive, directory_end) == kEnd64Signature;
    if (!in_place) return fail("E0112", "the archive has a zip64 directory out of place");
    directory = {field<std::uint64_t>(archive, directory_end + 48), field<std::uint64_t>(archive, directory_end + 40),
                 field<std::uint64_t>(archive, directory_end + 32)};
  }
  if (directory.offset > directory_end || directory.size != directory_end - directory.offset) {
    return fail("E0112", "the zip directory is not where the archive says");
  }
  if (directory.entries > kMaxRecords) {
    return fail("E0113", "the archive claims " + std::to_string(directory.entries) + " records, at most " + std::to_string(kMaxRecords) + " are read");
  }
  return directory;
}

// Reads the entry at `at` and moves `at` behind it.
Result<Entry> read_entry(std::string_view archive, std::size_t& at, std::size_t end) {
  const auto damaged = fail("E0111", "the zip directory is damaged");
  if (end - at < kEntrySize || field<std::uint32_t>(archive, at) != kEntrySignature) return damaged;
  const std::size_t name_size = field<std::uint16_t>(archive, at + 28);
  const std::size_t extra_size = field<std::uint16_t>(archive, at + 30), comment_size = field<std::uint16_t>(archive, at + 32);
  if (end - at - kEntrySize < name_size + extra_size + comment_size) return damaged;
  Entry entry{field<std::uint16_t>(archive, at + 8),  field<std::uint16_t>(archive, at + 10), field<std::uint32_t>(archive, at + 16),
              field<std::uint32_t>(archive, at + 20), field<std::uint32_t>(archive, at + 24), field<std::uint32_t>(archive, at + 42),
              std::string(archive.substr(at + kEntrySize, name_size))};
  if (name_size == 0 || name_size > kMaxName) return fail("E0112", "a record has an impossible name");
  const bool is_zip64 = entry.packed_size == 0xffffffff || entry.size == 0xffffffff || entry.local_offset == 0xffffffff;
  if (is_zip64 || extra_size != 0) return fail("E0113", "record '" + entry.name + "' uses zip64 fields; files of 4 GB and more are not read");
  at += kEntrySize + name_size + extra_size + comment_size;
  return entry;
}

// A header written before the sizes were known may hold them in its zip64 field: id, length, unpacked and packed size.
bool zip64_agrees(std::string_view extra, const Entry& entry) {
  constexpr std::size_t kZip64Field = 20;
  return extra.size() >= kZip64Field && field<std::uint16_t>(extra, 0) == 1 && field<std::uint16_t>(extra, 2) == kZip64Field - 4 &&
         field<std::uint64_t>(extra, 4) == entry.size && field<std::uint64_t>(extra, 12) == entry.packed_size;
}

// Where the data of the entry begin, after a look at its local header.
Result<std::size_t> data_offset(std::string_view archive, const Entry& entry, std::size_t limit) {
  const auto differs = fail("E0112", "record '" + entry.name + "' has a local header that differs from the directory");
  const std::size_t at = entry.local_offset;
  if (at > limit || limit - at < kLocalSize || field<std::uint32_t>(archive, at) != kLocalSignature) return differs;
  const std::size_t name_size = field<std::uint16_t>(archive, at + 26), extra_size = field<std::uint16_t>(archive, at + 28);
  if (limit - at - kLocalSize < name_size + extra_size) return differs;
  if (archive.substr(at + kLocalSize, name_size) != entry.name) return differs;
  if (field<std::uint16_t>(archive, at + 8) != entry.method) return differs;
  const bool sizes_follow = (entry.flags & 0x8) != 0;
  const bool sizes_in_zip64 = zip64_agrees(archive.substr(at + kLocalSize + name_size, extra_size), entry);
  const auto agrees = [&](std::size_t where, std::uint32_t value) {
    const auto local = field<std::uint32_t>(archive, at + where);
    return local == value || (sizes_follow && (local == 0 || local == 0xffffffff)) || (sizes_in_zip64 && where != 14 && local == 0xffffffff);
  };
  if (!agrees(14, entry.checksum) || !agrees(18, entry.packed_size) || !agrees(22, entry.size)) return differs;
  return at + kLocalSize + name_size + extra_size;
}

Result<void> check_packing(const Entry& entry, const ZipRules& rules) {
  if (entry.flags & 0x1) return fail("E0112", "record '" + entry.name + "' is encrypted");
  if (entry.method == 0) {
    if (entry.packed_size == entry.size) return {};
    return fail("E0112", "record '" + entry.name + "' is stored, but its two sizes differ");
  }
  if (entry.method != 8) return fail("E0112", "record '" + entry.name + "' uses compression method " + std::to_string(entry.method));
  if (entry.name.find(rules.compressed_folder) == std::string::npos) {
    return fail("E0112", "record '" + entry.name + "' is compressed; only a model's code may be", {},
                {"save the model again with torch.jit.save"});
  }
  if (entry.size > kMaxRatio * entry.packed_size + 64) {
    return fail("E0113", "record '" + entry.name + "' claims to unpack from " + std::to_string(entry.packed_size) + " to " + std::to_string(entry.size) + " bytes");
  }
  return {};
}

std::string lower_case(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

Result<void> check_overlap(std::vector<std::pair<std::size_t, std::size_t>> spans) {
  std::sort(spans.begin(), spans.end());
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].first < spans[i - 1].second) return fail("E0112", "records of the archive overlap");
  }
  return {};
}

}  // namespace

Result<std::vector<ZipRecord>> read_zip_directory(std::string_view archive, const ZipRules& rules) {
  const auto directory = directory_of(archive, rules.what);
  if (!directory) return fail(directory.error());
  const std::size_t limit = directory->offset, end = directory->offset + directory->size;
  std::vector<ZipRecord> records;
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  std::unordered_set<std::string> names;
  std::uint64_t unpacked = 0;
  std::size_t at = limit;
  while (at < end) {
    const auto entry = read_entry(archive, at, end);
    if (!entry) return fail(entry.error());
    if (auto checked = check_packing(*entry, rules); !checked) return fail(checked.error());
    if (!names.insert(lower_case(entry->name)).second) return fail("E0112", "two records have the name '" + entry->name + "'");
    const auto offset = data_offset(archive, *entry, limit);
    if (!offset) return fail(offset.error());
    if (limit - *offset < entry->packed_size) return fail("E0111", "record '" + entry->name + "' runs past the end of the archive");
    const bool is_deflated = entry->method == 8;
    unpacked += is_deflated ? entry->size : 0;
    if (unpacked > rules.most_unpacked_mb << 20) {
      return fail("E0113", "the archive's compressed records unpack to more than " + std::to_string(rules.most_unpacked_mb) + " MB");
    }
    spans.emplace_back(entry->local_offset, *offset + entry->packed_size);
    records.push_back({entry->name, archive.substr(*offset, entry->packed_size), entry->size, entry->checksum, is_deflated});
  }
  if (records.size() != directory->entries) return fail("E0111", "the zip directory is damaged: its record count is wrong");
  if (auto checked = check_overlap(std::move(spans)); !checked) return fail(checked.error());
  return records;
}

}  // namespace halfulp
