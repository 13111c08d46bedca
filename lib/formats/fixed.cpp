#include "families.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

constexpr int kMaxWidth = 128;
// Every value is a sum of doubles: the last place is at least 2^-1074 and the modulus 2^I at most
// 2^1023.
constexpr int kMaxFractionBits = 1074;
constexpr int kMaxIntegerBits = 1023;

std::string spelling(bool is_signed, int width_bits, int integer_bits) {
  return std::string(is_signed ? "fixed<" : "ufixed<") + std::to_string(width_bits) + "," +
         std::to_string(integer_bits) + ">";
}

}  // namespace

Result<Format> checked_fixed(bool is_signed, int width_bits, int integer_bits) {
  const std::string name = spelling(is_signed, width_bits, integer_bits);
  if (width_bits < 1 || width_bits > kMaxWidth) {
    return fail("E0202", "the width of '" + name + "' must lie in 1..128");
  }
  if (integer_bits > kMaxIntegerBits || integer_bits < width_bits - kMaxFractionBits) {
    return fail("E0202", "the integer bits of '" + name + "' must lie in W-1074..1023");
  }
  Format format;
  format.name = name;
  format.family = FormatFamily::kFixed;
  format.width_bits = width_bits;
  format.is_signed = is_signed;
  format.fraction_bits = width_bits - integer_bits;
  format.has_subnormals = false;
  format.has_infinity = false;
  format.has_negative_zero = false;
  return format;
}

Format make_fixed(int width_bits, int integer_bits) {
  auto format = checked_fixed(true, width_bits, integer_bits);
  HALFULP_ASSERT(format.has_value());
  return *std::move(format);
}

Format make_ufixed(int width_bits, int integer_bits) {
  auto format = checked_fixed(false, width_bits, integer_bits);
  HALFULP_ASSERT(format.has_value());
  return *std::move(format);
}

}  // namespace halfulp
