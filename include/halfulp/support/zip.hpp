// The directory of a zip archive, read without trusting it: exact end, no overlap, no duplicate names (also where only
// letter case differs, for LibTorch's reader ignores case), local headers that agree with the directory, sound checksums.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

struct ZipRecord {
  std::string name;
  std::string_view packed;  // the record's bytes as they stand in the archive
  std::uint64_t size = 0;   // unpacked
  std::uint32_t checksum = 0;
  bool is_deflated = false;
};

struct ZipRules {
  std::string what = "TorchScript model";      // that the archive should be
  std::string compressed_folder = "/code/";    // records outside it must be stored; empty: any may be compressed
  std::uint64_t most_unpacked_mb = 64;         // of all compressed records together
};

// `archive` outlives the records. Errors: E0110 no zip, E0111 truncated or damaged, E0112 hostile structure, E0113 caps.
Result<std::vector<ZipRecord>> read_zip_directory(std::string_view archive, const ZipRules& rules = {});

// The record's bytes; a deflated one is unpacked to at most its declared size. Checks the checksum.
Result<std::string> unpack(const ZipRecord& record);

// All that a gzip file holds, at most `most_bytes`; nothing where it is damaged or holds more.
std::optional<std::string> gunzip(std::string_view packed, std::uint64_t most_bytes);

// Whether a stored record's bytes have its checksum.
bool checksum_agrees(std::string_view bytes, std::uint32_t checksum);

}  // namespace halfulp
