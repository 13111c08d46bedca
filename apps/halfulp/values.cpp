#include "values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace halfulp::cli {
namespace {

tl::unexpected<Diagnostic> refuse(const std::string& option, const std::string& text, const std::string& wanted) {
  return fail("E0105", fmt::format("'{}' is no value of '{}': {} is needed", text, option, wanted));
}

template <typename T>
bool read_whole(const std::string& text, T& out) {
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, out);
  return error == std::errc{} && end == last;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Result<std::int64_t> parse_count(const std::string& option, const std::string& text, std::int64_t lo, std::int64_t hi) {
  std::int64_t value = 0;
  if (read_whole(text, value) && lo <= value && value <= hi) return value;
  return refuse(option, text, fmt::format("an integer from {} to {}", lo, hi));
}

Result<std::uint64_t> parse_seed(const std::string& text) {
  std::uint64_t value = 0;
  if (read_whole(text, value)) return value;
  return refuse("--seed", text, "an integer from 0 to 2^64 - 1");
}

Result<double> parse_number(const std::string& option, const std::string& text) {
  double value = 0;
  if (read_whole(text, value) && std::isfinite(value)) return value;
  return refuse(option, text, "a finite decimal number");
}

Result<double> parse_share(const std::string& option, const std::string& text) {
  const bool percent = text.ends_with('%');
  const auto value = parse_number(option, percent ? trimmed(text.substr(0, text.size() - 1)) : text);
  const double share = value ? (percent ? *value / 100 : *value) : -1;
  if (share >= 0 && share <= 1) return share;
  return refuse(option, text, "a share from 0 to 1, or a percentage");
}

Result<double> parse_tolerance(const std::string& option, const std::string& text) {
  const auto value = enclose_decimal(text);
  if (value && value->lo > 0 && std::isfinite(value->hi)) return value->lo;
  return refuse(option, text, "a finite number above 0");
}

Result<double> parse_radius(const std::string& option, const std::string& text) {
  const auto value = enclose_decimal(text);
  if (value && value->lo >= 0 && std::isfinite(value->hi)) return value->hi;
  return refuse(option, text, "a finite number, 0 or above");
}

Result<Shape> parse_shape(const std::string& option, const std::string& text) {
  constexpr std::int64_t kMaxElements = std::int64_t{1} << 31;
  const std::string wanted = "extents of 1 or more with commas between, such as 1,3,32,32, and at most 2^31 elements,";
  Shape shape;
  std::int64_t elements = 1;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    std::int64_t extent = 0;
    const bool good = read_whole(trimmed(text.substr(at, comma - at)), extent) && extent >= 1 && extent <= kMaxElements / elements;
    if (!good) return refuse(option, text, wanted);
    elements *= extent;
    shape.push_back(extent);
    at = comma + 1;
  }
  return shape;
}

Result<Interval> parse_interval(const std::string& place, const std::string& text) {
  std::string inner = trimmed(text);
  if (inner.starts_with('[') && inner.ends_with(']')) inner = inner.substr(1, inner.size() - 2);
  const std::size_t comma = inner.find(',');
  if (comma == std::string::npos || inner.find(',', comma + 1) != std::string::npos) {
    return fail("E0105", fmt::format("'{}' is no interval: lower,upper is needed", text), place);
  }
  const auto lo = enclose_decimal(trimmed(inner.substr(0, comma)));
  const auto hi = enclose_decimal(trimmed(inner.substr(comma + 1)));
  if (!lo || !hi || !std::isfinite(lo->lo) || !std::isfinite(hi->hi)) {
    return fail("E0105", fmt::format("the bounds of '{}' must be finite decimal numbers", text), place);
  }
  if (lo->lo > hi->hi) {
    return fail("E0105", fmt::format("the lower bound of '{}' is above its upper bound", text), place);
  }
  return Interval(lo->lo, hi->hi);
}

}  // namespace halfulp::cli
