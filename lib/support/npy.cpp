#include "halfulp/support/npy.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include "halfulp/support/text.hpp"
#include "npy_header.hpp"

namespace halfulp {
namespace {

static_assert(std::endian::native == std::endian::little);

double widen_half(std::uint16_t code) {
  const int exponent = (code >> 10) & 31;
  const int significand = code & 1023;
  double magnitude = 0;
  if (exponent == 31) {
    magnitude = significand == 0 ? HUGE_VAL : std::nan("");
  } else if (exponent == 0) {
    magnitude = std::ldexp(significand, -24);
  } else {
    magnitude = std::ldexp(significand + 1024, exponent - 25);
  }
  return std::copysign(magnitude, (code & 0x8000) != 0 ? -1.0 : 1.0);
}

template <typename T>
T load(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

// An element as a double; nullopt if it is an integer beyond 2^53.
std::optional<double> widen(char kind, std::size_t size, const char* bytes) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 53;
  if (kind == 'f') {
    if (size == 2) return widen_half(load<std::uint16_t>(bytes));
    if (size == 4) return static_cast<double>(load<float>(bytes));
    return load<double>(bytes);
  }
  if (kind == 'b') return load<std::uint8_t>(bytes) != 0 ? 1.0 : 0.0;
  if (kind == 'u') {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, size);
    if (value > static_cast<std::uint64_t>(kLimit)) return std::nullopt;
    return static_cast<double>(value);
  }
  std::int64_t value = 0;
  if (size == 1) value = load<std::int8_t>(bytes);
  if (size == 2) value = load<std::int16_t>(bytes);
  if (size == 4) value = load<std::int32_t>(bytes);
  if (size == 8) value = load<std::int64_t>(bytes);
  if (value > kLimit || value < -kLimit) return std::nullopt;
  return static_cast<double>(value);
}

// The place in Fortran order (first index fastest) of each element in C order.
std::vector<std::size_t> fortran_places(const Shape& shape, std::size_t count) {
  std::vector<std::size_t> places(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t rest = i;
    std::size_t place = 0;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      const auto extent = static_cast<std::size_t>(shape[axis]);
      std::size_t stride = 1;
      for (std::size_t before = 0; before < axis; ++before) stride *= shape[before];
      place += rest % extent * stride;
      rest /= extent;
    }
    places[i] = place;
  }
  return places;
}

}  // namespace

Result<Tensor> read_npy(const std::string& path) {
  auto content = read_file(path);
  if (!content) return fail(content.error());
  return parse_npy(*content, path);
}

Result<Tensor> parse_npy(std::string_view content, const std::string& path) {
  auto header = parse_npy_header(content, path);
  if (!header) return fail(header.error());

  const auto count = static_cast<std::size_t>(header->count);
  const std::size_t size = header->element_bytes;
  const char* data = content.data() + header->data_offset;
  std::vector<std::size_t> places;
  if (header->fortran_order && header->shape.size() > 1)
    places = fortran_places(header->shape, count);

  Tensor tensor{header->shape, std::vector<double>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = places.empty() ? i : places[i];
    const auto value = widen(header->kind, size, data + place * size);
    if (!value) {
      return fail("E0102",
                  "element " + std::to_string(i) + " of '" + path +
                      "' is an integer beyond 2^53, which a double does not hold",
                  path);
    }
    tensor.data[i] = *value;
  }
  return tensor;
}

Result<void> write_npy(const Tensor& tensor, const std::string& path) {
  std::string content = npy_header_float64(tensor.shape);
  content.append(reinterpret_cast<const char*>(tensor.data.data()),
                 tensor.data.size() * sizeof(double));
  return write_file_atomic(path, content);
}

}  // namespace halfulp
