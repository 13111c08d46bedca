#include "halfulp/support/array_file.hpp"

#include <filesystem>

#include "halfulp/support/npy.hpp"
#include "halfulp/support/text.hpp"
#include "halfulp/support/zip.hpp"

namespace halfulp {
namespace {

constexpr std::uint64_t kMostUnpacked = std::uint64_t{4} << 30;

bool is_text(std::string_view bytes) {
  for (const char c : bytes.substr(0, 4096)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') return false;
  }
  return true;
}

Result<Tensor> parse_plain(std::string_view bytes, const std::string& path) {
  if (bytes.starts_with("\x93NUMPY")) return parse_npy(bytes, path);
  if (bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0) return parse_idx(bytes, path);
  if (is_text(bytes)) return parse_csv(bytes, path);
  return fail("E0102", "the file is no NPY, NPZ, IDX or CSV file", path, {"tensors saved by torch need the ending .pt or .pth"});
}

}  // namespace

ArrayPath split_array_path(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::error_code ignored;
  if (colon == std::string::npos || std::filesystem::exists(text, ignored)) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

Result<Tensor> read_array(const std::string& text) {
  const ArrayPath name = split_array_path(text);
  const auto bytes = read_file(name.path);
  if (!bytes) return fail(bytes.error());
  if (bytes->starts_with("PK\x03\x04") || bytes->starts_with("PK\x05\x06")) return parse_npz(*bytes, name.member, name.path);
  if (!name.member.empty()) return fail("E0102", "'" + name.member + "' names an array of an NPZ file, and this is none", name.path);
  if (!bytes->starts_with("\x1f\x8b")) return parse_plain(*bytes, name.path);
  const auto unpacked = gunzip(*bytes, kMostUnpacked);
  if (!unpacked) return fail("E0102", "the gzip file is damaged, or unpacks to more than 4 GB", name.path);
  return parse_plain(*unpacked, name.path);
}

}  // namespace halfulp
