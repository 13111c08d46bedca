#include "halfulp/support/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

// |x| = 0.d1 d2 d3 ... * 10^(exponent + 1), all digits; x finite. 767 digits write any double
// exactly.
struct ExactDecimal {
  std::string digits;
  int exponent = 0;
};

ExactDecimal exact_decimal(double magnitude) {
  std::array<char, 800> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.767e", magnitude);
  const std::string text(buffer.data());
  const std::size_t e = text.find('e');
  ExactDecimal result;
  for (const char c : text.substr(0, e)) {
    if (c >= '0' && c <= '9') result.digits += c;
  }
  result.exponent = std::atoi(text.c_str() + e + 1);
  return result;
}

void add_one_unit(ExactDecimal& number) {
  for (std::size_t i = number.digits.size(); i-- > 0;) {
    if (number.digits[i] != '9') {
      ++number.digits[i];
      return;
    }
    number.digits[i] = '0';
  }
  number.digits.insert(number.digits.begin(), '1');
  number.digits.pop_back();
  ++number.exponent;
}

std::string spell(const ExactDecimal& number, bool negative) {
  std::string digits = number.digits;
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  const int exponent = number.exponent;
  const int count = static_cast<int>(digits.size());
  std::string text = negative ? "-" : "";
  if (exponent < -5 || exponent > 17) {
    text += digits.substr(0, 1);
    if (count > 1) text += "." + digits.substr(1);
    text += 'e';
    text += std::to_string(exponent);
    return text;
  }
  if (exponent < 0) return text + "0." + std::string(-exponent - 1, '0') + digits;
  if (count <= exponent + 1) return text + digits + std::string(exponent + 1 - count, '0');
  return text + digits.substr(0, exponent + 1) + "." + digits.substr(exponent + 1);
}

std::string directed_text(double x, int digits, bool up) {
  HALFULP_ASSERT(digits >= 1);
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  if (x == 0) return "0";
  const bool negative = x < 0;
  ExactDecimal number = exact_decimal(std::fabs(x));
  const auto kept = static_cast<std::size_t>(digits);
  if (number.digits.size() > kept) {
    const bool inexact = number.digits.find_first_not_of('0', kept) != std::string::npos;
    number.digits.resize(kept);
    if (inexact && up != negative) add_one_unit(number);
  }
  return spell(number, negative);
}

}  // namespace

std::string shortest(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x);
  return std::string(buffer.data(), result.ptr);
}

std::string round_up_text(double x, int digits) { return directed_text(x, digits, true); }
std::string round_down_text(double x, int digits) { return directed_text(x, digits, false); }

}  // namespace halfulp
