#include <zlib.h>

#include "zip_directory.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 30;  // zlib counts in 32 bits

// Inflates into `out` and says whether exactly out.size() bytes came of all of `packed`.
bool inflate_exactly(std::string_view packed, std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_FINISH);
  const bool is_exact = status == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  return is_exact;
}

}  // namespace

bool checksum_agrees(std::string_view bytes, std::uint32_t checksum) {
  uLong value = crc32(0, nullptr, 0);
  while (!bytes.empty()) {
    const std::string_view chunk = bytes.substr(0, kChunk);
    value = crc32(value, reinterpret_cast<const Bytef*>(chunk.data()), static_cast<uInt>(chunk.size()));
    bytes.remove_prefix(chunk.size());
  }
  return value == checksum;
}

Result<std::string> unpack(const ZipRecord& record) {
  std::string bytes;
  if (record.is_deflated) {
    bytes.resize(record.size);
    if (!inflate_exactly(record.packed, bytes)) {
      return fail("E0112", "record '" + record.name + "' does not unpack to the " + std::to_string(record.size) + " bytes it claims");
    }
  } else {
    bytes = record.packed;
  }
  if (!checksum_agrees(bytes, record.checksum)) {
    return fail("E0111", "record '" + record.name + "' is damaged: its checksum does not agree");
  }
  return bytes;
}

}  // namespace halfulp
