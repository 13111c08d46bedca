#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "halfulp/report/json.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kMaxDepth = 64;

// Receives nlohmann's events, so that a deeply nested document is refused before anything recurses over it.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Json take() { return std::move(root_); }
  const std::string& message() const { return message_; }
  std::size_t offset() const { return offset_; }

  bool null() override { return put(Json()); }
  bool boolean(bool value) override { return put(Json(value)); }
  bool number_integer(number_integer_t value) override { return put(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put(Json(value)); }
  bool number_float(number_float_t value, const string_t&) override { return put(Json(value)); }
  bool string(string_t& value) override { return put(Json(value)); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& value) override {
    open_.back().key = value;
    return true;
  }
  bool start_object(std::size_t) override { return start(Json::object()); }
  bool start_array(std::size_t) override { return start(Json::array()); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
    offset_ = position;
    const std::string text = error.what();
    const auto colon = text.find(": ");
    message_ = colon == std::string::npos ? text : text.substr(colon + 2);
    return false;
  }

 private:
  struct Open {
    Json value;
    std::string key;
  };

  bool start(Json empty) {
    if (open_.size() >= kMaxDepth) {
      message_ = fmt::format("nested deeper than {} levels", kMaxDepth);
      return false;
    }
    open_.push_back({std::move(empty), {}});
    return true;
  }
  bool end() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(value));
  }
  bool put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.push(std::move(value));
    } else {
      open_.back().value.set(open_.back().key, std::move(value));
    }
    return true;
  }

  Json root_;
  std::vector<Open> open_;
  std::string message_;
  std::size_t offset_ = 0;
};

}  // namespace

Result<Json> parse_json(const std::string& text, const std::string& place) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text, &builder)) {
    return fail("E0106", fmt::format("this is no JSON document we can read: {}", builder.message()),
                fmt::format("{}:byte {}", place, builder.offset()));
  }
  return builder.take();
}

}  // namespace halfulp
