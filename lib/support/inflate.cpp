#include <zlib.h>

#include "halfulp/support/zip.hpp"

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

std::optional<std::string> gunzip(std::string_view packed, std::uint64_t most_bytes) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  constexpr int kGzipHeader = 16;
  if (packed.size() >= kChunk) return std::nullopt;
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + kGzipHeader) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string bytes;
  int status = Z_OK;
  while (status == Z_OK && bytes.size() <= most_bytes) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
    stream.avail_out = static_cast<uInt>(kPiece);
    status = inflate(&stream, Z_NO_FLUSH);
    bytes.resize(bytes.size() - stream.avail_out);
  }
  const bool is_whole = status == Z_STREAM_END && stream.avail_in == 0 && bytes.size() <= most_bytes;
  inflateEnd(&stream);
  return is_whole ? std::optional(std::move(bytes)) : std::nullopt;
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
