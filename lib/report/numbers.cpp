#include "halfulp/report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

// The same decimal in the plainer of positional and scientific spelling; as it is where no double is near (above the largest).
std::string plain(const std::string& decimal) {
  double value = 0;
  const auto parsed = std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  return parsed.ec == std::errc{} ? shortest(value) : decimal;
}

}  // namespace

std::string short_up(double x, int digits) { return std::isfinite(x) ? plain(round_up_text(x, digits)) : shortest(x); }

std::string short_down(double x, int digits) { return std::isfinite(x) ? plain(round_down_text(x, digits)) : shortest(x); }

std::string short_range(double lo, double hi, int digits) {
  return "[" + short_down(lo, digits) + ", " + short_up(hi, digits) + "]";
}

std::string percent_down(double share) {
  const double tenths = std::floor(share * 1000);
  return fmt::format("{:.1f} %", tenths / 10);
}

std::string with_commas(std::int64_t count) {
  std::string digits = std::to_string(count);
  const std::ptrdiff_t first = count < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

}  // namespace halfulp
