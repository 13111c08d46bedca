#include <bit>
#include <cstring>
#include <map>

#include "halfulp/support/array_file.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kMostAxes = 16;

struct ElementType {
  std::size_t bytes;
  double (*widen)(std::uint64_t code);
};

double signed_value(std::uint64_t code, int bits) { return static_cast<double>(static_cast<std::int64_t>(code << (64 - bits)) >> (64 - bits)); }

const ElementType* element_type(unsigned char code) {
  static const std::map<unsigned char, ElementType> kTypes = {
      {0x08, {1, [](std::uint64_t x) { return static_cast<double>(x); }}},
      {0x09, {1, [](std::uint64_t x) { return signed_value(x, 8); }}},
      {0x0b, {2, [](std::uint64_t x) { return signed_value(x, 16); }}},
      {0x0c, {4, [](std::uint64_t x) { return signed_value(x, 32); }}},
      {0x0d, {4, [](std::uint64_t x) { return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(x))); }}},
      {0x0e, {8, [](std::uint64_t x) { return std::bit_cast<double>(x); }}},
  };
  const auto found = kTypes.find(code);
  return found == kTypes.end() ? nullptr : &found->second;
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

Result<Tensor> parse_idx(std::string_view bytes, const std::string& path) {
  const auto damaged = [&](const std::string& what) { return fail("E0102", "the IDX file " + what, path); };
  if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0) return damaged("does not start with 0 0, a type and a rank");
  const ElementType* type = element_type(static_cast<unsigned char>(bytes[2]));
  if (type == nullptr) return damaged("has the unknown element type " + std::to_string(static_cast<unsigned char>(bytes[2])));
  const auto rank = static_cast<std::size_t>(static_cast<unsigned char>(bytes[3]));
  if (rank > kMostAxes || bytes.size() < 4 + 4 * rank) return damaged("is cut off within its header");
  std::string_view data = bytes.substr(4 + 4 * rank);
  Tensor tensor;
  std::uint64_t count = 1;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::uint64_t extent = big_endian(bytes.substr(4 + 4 * axis, 4));
    tensor.shape.push_back(static_cast<std::int64_t>(extent));
    if (extent != 0 && count > data.size() / extent) return damaged("is cut off: its extents " + to_string(tensor.shape) + ".. need more data");
    count *= extent;
  }
  if (data.size() != count * type->bytes) {
    return damaged("holds " + std::to_string(data.size()) + " bytes of data, its extents " + to_string(tensor.shape) + " need " +
                   std::to_string(count * type->bytes));
  }
  tensor.data.reserve(static_cast<std::size_t>(count));
  for (; !data.empty(); data.remove_prefix(type->bytes)) tensor.data.push_back(type->widen(big_endian(data.substr(0, type->bytes))));
  return tensor;
}

}  // namespace halfulp
