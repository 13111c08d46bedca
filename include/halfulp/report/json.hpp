// A JSON value that keeps its members in the order in which they were set. Numbers are written as the shortest decimal that
// reads back as the same double; non-finite numbers, which JSON does not have, as the strings "inf", "-inf" and "nan".
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;  // null
  Json(bool value) : value_(value) {}  // NOLINT: a JSON value is made of any of these
  Json(std::floating_point auto value) : value_(static_cast<double>(value)) {}  // NOLINT
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  Json(I value) : value_(integer(value)) {}  // NOLINT
  Json(std::string value) : value_(std::move(value)) {}  // NOLINT
  Json(const char* value) : value_(std::string(value)) {}  // NOLINT

  static Json array();
  static Json object();
  // An array of the elements of `values`, each converted to Json.
  static Json array_of(const auto& values) {
    Json result = array();
    for (const auto& value : values) result.push(Json(value));
    return result;
  }

  // Adds or replaces a member; the value must be an object (null becomes one). Returns *this, for chains.
  Json& set(const std::string& key, Json value);
  // Appends an element; the value must be an array (null becomes one).
  Json& push(Json value);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const;
  // Members and elements; empty for other kinds.
  const Object& members() const;
  const Array& elements() const;
  // The member of that name; null when there is none.
  const Json& operator[](const std::string& key) const;
  // The number, the strings "inf", "-inf", "nan" included; `otherwise` for other kinds.
  double number(double otherwise) const;
  // The string; empty for other kinds.
  const std::string& text() const;

  // One member a line, arrays of plain values on one line. Ends without a newline.
  std::string dump() const;

  bool operator==(const Json&) const = default;

 private:
  using Integer = std::variant<std::int64_t, std::uint64_t>;
  static Integer integer(std::integral auto value) {
    if constexpr (std::unsigned_integral<decltype(value)>) return static_cast<std::uint64_t>(value);
    else return static_cast<std::int64_t>(value);
  }

  std::variant<std::monostate, bool, Integer, double, std::string, Array, Object> value_;

  friend class JsonPrinter;
};

// Reads one JSON document. Errors: E0106 with `place` and the byte offset.
Result<Json> parse_json(const std::string& text, const std::string& place);

}  // namespace halfulp
