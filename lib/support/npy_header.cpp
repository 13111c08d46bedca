#include "npy_header.hpp"

#include <charconv>

#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);

// A reader of the one dict literal NumPy writes; any key order, single or double quotes.
class DictReader {
 public:
  explicit DictReader(std::string_view text) : text_(text) {}

  bool eat(char c) {
    skip_space();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool string(std::string& out) {
    skip_space();
    if (text_.empty() || (text_.front() != '\'' && text_.front() != '"')) return false;
    const std::size_t end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) return false;
    out = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return true;
  }

  bool boolean(bool& out) {
    skip_space();
    out = text_.starts_with("True");
    if (!out && !text_.starts_with("False")) return false;
    text_.remove_prefix(out ? 4 : 5);
    return true;
  }

  bool tuple(Shape& out) {
    if (!eat('(')) return false;
    while (!eat(')')) {
      skip_space();
      std::int64_t extent = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (error != std::errc() || extent < 0 || out.size() >= 32) return false;
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      out.push_back(extent);
      if (eat(',')) continue;
      return eat(')');
    }
    return true;
  }

  bool at_end() {
    skip_space();
    return text_.empty();
  }

 private:
  void skip_space() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n'))
      text_.remove_prefix(1);
  }

  std::string_view text_;
};

struct Fields {
  std::string descr;
  bool fortran_order = false;
  Shape shape;
  int seen = 0;
};

bool read_field(DictReader& reader, Fields& fields) {
  std::string key;
  if (!reader.string(key) || !reader.eat(':')) return false;
  ++fields.seen;
  if (key == "descr") return reader.string(fields.descr);
  if (key == "fortran_order") return reader.boolean(fields.fortran_order);
  if (key == "shape") return reader.tuple(fields.shape);
  return false;
}

bool read_fields(std::string_view text, Fields& fields) {
  DictReader reader(text);
  if (!reader.eat('{')) return false;
  while (!reader.eat('}')) {
    if (fields.seen == 3 || !read_field(reader, fields)) return false;
    if (!reader.eat(',') && !reader.eat('}')) return false;
    if (fields.seen == 3) {
      reader.eat('}');
      break;
    }
  }
  return fields.seen == 3 && !fields.descr.empty() && reader.at_end();
}

bool known_type(const std::string& descr) {
  for (const char* known : {"|b1", "|i1", "|u1", "<i1", "<u1", "<i2", "<i4", "<i8", "<u2", "<u4",
                            "<u8", "<f2", "<f4", "<f8"}) {
    if (descr == known) return true;
  }
  return false;
}

bool count_elements(const Shape& shape, std::int64_t& count) {
  count = 1;
  for (const std::int64_t extent : shape) {
    if (__builtin_mul_overflow(count, extent, &count)) return false;
  }
  return true;
}

}  // namespace

Result<NpyHeader> parse_npy_header(std::string_view content, const std::string& path) {
  const auto bad = [&path](const std::string& why) {
    return fail("E0102", "'" + path + "' is not a usable .npy file: " + why, path);
  };
  if (content.size() < 10 || !content.starts_with(kMagic)) return bad("it does not start as one");
  const auto byte = [&content](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(content[i]));
  };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3) return bad("version " + std::to_string(version) + " is unknown");
  const std::size_t start = version == 1 ? 10 : 12;
  if (content.size() < start) return bad("its header is cut off");
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (content.size() - start < length) return bad("its header is cut off");

  Fields fields;
  if (!read_fields(content.substr(start, length), fields)) return bad("its header is malformed");
  if (!known_type(fields.descr)) {
    return bad("its element type is '" + fields.descr +
               "'; allowed are bool, int8..64, uint8..64 and float16/32/64, little-endian");
  }
  NpyHeader header;
  header.kind = fields.descr[1];
  header.element_bytes = static_cast<std::size_t>(fields.descr[2] - '0');
  header.fortran_order = fields.fortran_order;
  header.shape = fields.shape;
  header.data_offset = start + length;
  std::int64_t bytes = 0;
  if (!count_elements(header.shape, header.count) ||
      __builtin_mul_overflow(header.count, static_cast<std::int64_t>(header.element_bytes),
                             &bytes) ||
      static_cast<std::size_t>(bytes) != content.size() - header.data_offset) {
    return bad("shape " + to_string(header.shape) + " of '" + fields.descr +
               "' does not match its " + std::to_string(content.size() - header.data_offset) +
               " data bytes");
  }
  return header;
}

std::string npy_header_float64(const Shape& shape) {
  std::string dict = "{'descr': '<f8', 'fortran_order': False, 'shape': (";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis > 0) dict += " ";
    dict += std::to_string(shape[axis]) + ",";
  }
  if (shape.size() > 1) dict.pop_back();
  dict += "), }";
  constexpr std::size_t kAlignment = 64;
  constexpr std::size_t kPreamble = 10;
  dict.append((kAlignment - (kPreamble + dict.size() + 1) % kAlignment) % kAlignment, ' ');
  dict += '\n';
  HALFULP_ASSERT(dict.size() < 65536);
  std::string header(kMagic);
  header += '\x01';
  header += '\x00';
  header += static_cast<char>(dict.size() & 255);
  header += static_cast<char>(dict.size() >> 8);
  return header + dict;
}

}  // namespace halfulp
