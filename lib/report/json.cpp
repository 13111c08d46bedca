#include "halfulp/report/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "halfulp/support/assert.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {

Json Json::array() {
  Json result;
  result.value_ = Array{};
  return result;
}

Json Json::object() {
  Json result;
  result.value_ = Object{};
  return result;
}

Json& Json::set(const std::string& key, Json value) {
  if (is_null()) value_ = Object{};
  HALFULP_ASSERT(is_object());
  auto& object = std::get<Object>(value_);
  const auto found = std::find_if(object.begin(), object.end(), [&](const auto& m) { return m.first == key; });
  if (found == object.end()) {
    object.emplace_back(key, std::move(value));
  } else {
    found->second = std::move(value);
  }
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array{};
  HALFULP_ASSERT(is_array());
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

bool Json::is_number() const {
  return std::holds_alternative<double>(value_) || std::holds_alternative<Integer>(value_);
}

const Json::Object& Json::members() const {
  static const Object kNone;
  return is_object() ? std::get<Object>(value_) : kNone;
}

const Json::Array& Json::elements() const {
  static const Array kNone;
  return is_array() ? std::get<Array>(value_) : kNone;
}

const Json& Json::operator[](const std::string& key) const {
  static const Json kNull;
  for (const auto& [name, value] : members()) {
    if (name == key) return value;
  }
  return kNull;
}

double Json::number(double otherwise) const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (const auto* real = std::get_if<double>(&value_)) return *real;
  if (const auto* integer = std::get_if<Integer>(&value_)) {
    return std::visit([](auto i) { return static_cast<double>(i); }, *integer);
  }
  if (text() == "inf") return kInfinity;
  if (text() == "-inf") return -kInfinity;
  if (text() == "nan") return std::numeric_limits<double>::quiet_NaN();
  return otherwise;
}

const std::string& Json::text() const {
  static const std::string kNone;
  return is_string() ? std::get<std::string>(value_) : kNone;
}

class JsonPrinter {
 public:
  std::string print(const Json& json) {
    std::visit([&](const auto& value) { put(value); }, json.value_);
    return std::move(out_);
  }

 private:
  static bool is_plain(const Json& json) { return !json.is_array() && !json.is_object(); }
  void visit(const Json& json) { std::visit([&](const auto& value) { put(value); }, json.value_); }

  void put(std::monostate) { out_ += "null"; }
  void put(bool value) { out_ += value ? "true" : "false"; }
  void put(const Json::Integer& value) { std::visit([&](auto i) { out_ += std::to_string(i); }, value); }
  void put(double value) {
    if (std::isfinite(value)) {
      out_ += shortest(value);
    } else {
      put(shortest(value));
    }
  }
  void put(const std::string& value) {
    out_ += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  void put(const Json::Array& array) {
    const bool one_line = std::all_of(array.begin(), array.end(), is_plain);
    sequence('[', ']', one_line, array, [&](const Json& element) { visit(element); });
  }
  void put(const Json::Object& object) {
    const bool one_line = depth_ > 0 && std::all_of(object.begin(), object.end(), [](const auto& m) { return is_plain(m.second); });
    sequence('{', '}', one_line, object, [&](const auto& member) {
      put(member.first);
      out_ += ": ";
      visit(member.second);
    });
  }

  void sequence(char open, char close, bool one_line, const auto& items, const auto& put_item) {
    out_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += one_line ? ", " : ",";
      first = false;
      if (!one_line) new_line();
      put_item(item);
    }
    --depth_;
    if (!one_line && !first) new_line();
    out_ += close;
  }
  void new_line() { out_ += "\n" + std::string(static_cast<std::size_t>(2 * depth_), ' '); }

  std::string out_;
  int depth_ = 0;
};

std::string Json::dump() const { return JsonPrinter().print(*this); }

}  // namespace halfulp
