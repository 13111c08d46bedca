// Reading and writing of plain little-endian fields, shared by the encodings that cross a pipe. WireReader never reads past
// its bytes: after the first field that does not fit, ok() is false and every further field is zero or empty.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace halfulp {

static_assert(std::endian::native == std::endian::little, "the wire form copies little-endian memory");

class WireWriter {
 public:
  template <typename T>
  void number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    number<std::uint64_t>(value.size());
    bytes_.append(value);
  }
  template <typename T>
  void numbers(const std::vector<T>& values) {
    number<std::uint64_t>(values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }
  void fail() { ok_ = false; }

  template <typename T>
  T number() {
    T value{};
    if (!has(sizeof value)) return value;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const std::size_t size = count(1);
    std::string value(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return value;
  }
  template <typename T>
  std::vector<T> numbers() {
    std::vector<T> values(count(sizeof(T)));
    if (values.empty()) return values;
    std::memcpy(values.data(), bytes_.data(), values.size() * sizeof(T));
    bytes_.remove_prefix(values.size() * sizeof(T));
    return values;
  }
  // A count of items of at least `item_bytes` each; 0 and !ok() where so many cannot follow.
  std::size_t count(std::size_t item_bytes) {
    const auto value = number<std::uint64_t>();
    if (value > bytes_.size() / item_bytes) ok_ = false;
    return ok_ ? static_cast<std::size_t>(value) : 0;
  }

 private:
  bool has(std::size_t size) {
    if (bytes_.size() < size) ok_ = false;
    return ok_;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace halfulp
