#include <algorithm>
#include <bit>
#include <cmath>

#include "binary64.hpp"
#include "families.hpp"
#include "grid.hpp"
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

Result<Format> parse(const Spelling& text) {
  const auto numbers = integer_parameters(text, kFixedFamily, 2);
  if (!numbers) return fail(numbers.error());
  return checked_fixed(text.head == "fixed", (*numbers)[0], (*numbers)[1]);
}

int magnitude_bits(const Format& format) { return format.width_bits - (format.is_signed ? 1 : 0); }

double largest_fixed(const Format& format) {
  return all_ones(magnitude_bits(format), -format.fraction_bits);
}

double lowest_fixed(const Format& format) {
  if (!format.is_signed) return 0.0;
  if (format.overflow == OverflowMode::kSaturateSymmetric) {
    return format.width_bits == 1 ? 0.0 : -largest_fixed(format);
  }
  return -power_of_two(format.width_bits - 1 - format.fraction_bits);
}

double smallest_fixed(const Format& format) {
  return format.width_bits == 1 && format.is_signed ? 0.0 : power_of_two(-format.fraction_bits);
}

double no_relative_error(const Format&) { return 0; }

bool fixed_fits_double(const Format& format) { return magnitude_bits(format) <= kDoublePrecision; }

std::uint64_t mask(int bits) {
  return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

double decode_fixed(const Format& format, std::uint64_t code) {
  const double unit = power_of_two(-format.fraction_bits);
  const bool negative = format.is_signed && ((code >> (format.width_bits - 1)) & 1) != 0;
  if (!negative) return static_cast<double>(code) * unit;
  const std::uint64_t magnitude = (~code & mask(format.width_bits)) + 1;
  return -static_cast<double>(magnitude) * unit;
}

std::optional<std::uint64_t> encode_fixed(const Format& format, double x) {
  if (!std::isfinite(x)) return std::nullopt;
  const Binary64 parts = take_apart(x);
  if (parts.significand == 0) return 0;
  // x = odd * 2^exponent, so that every multiple of the unit has exponent >= -fraction_bits.
  const int zeros = std::countr_zero(parts.significand);
  const std::uint64_t odd = parts.significand >> zeros;
  const int shift = parts.exponent + zeros + format.fraction_bits;
  if (shift < 0 || shift + std::bit_width(odd) > 54) return std::nullopt;
  const std::uint64_t magnitude = odd << shift;
  const int width = format.width_bits;
  if (!parts.negative) {
    if (magnitude > mask(magnitude_bits(format))) return std::nullopt;
    return magnitude;
  }
  if (!format.is_signed || magnitude > std::uint64_t{1} << (width - 1)) return std::nullopt;
  return (~magnitude + 1) & mask(width);
}

// Zero is a value of every format, so that nearest and truncating modes never move x farther than
// zero is.
double max_error_fixed(const Format& format, double magnitude) {
  const int exponent = -format.fraction_bits;
  if (is_nearest(format.rounding)) return std::min(power_of_two_up(exponent - 1), magnitude);
  const double unit = power_of_two(exponent);
  return format.rounding == RoundingMode::kTowardZero ? std::min(unit, magnitude) : unit;
}

std::vector<FieldWidth> fields(const Format& format, std::uint64_t) {
  const int sign = format.is_signed ? 1 : 0;
  const int fraction = std::clamp(format.fraction_bits, 0, format.width_bits - sign);
  return {{"sign", sign}, {"integer", format.width_bits - sign - fraction}, {"fraction", fraction}};
}

std::string describe_fixed(const Format& format) {
  return std::string(format.is_signed ? "fixed, " : "ufixed, ") +
         counted(format.width_bits, "bit") + ", " +
         std::to_string(format.width_bits - format.fraction_bits) + " integer bits" +
         (format.is_signed ? " (sign included), " : ", ") + std::to_string(format.fraction_bits) +
         " fraction bits";
}

constexpr ElementRules kElements = {.round = round_double_on_grid,
                                    .round_all = round_all_on_grid,
                                    .round_number = round_number_on_grid,
                                    .overflows = overflows_grid,
                                    .decode = decode_fixed,
                                    .encode = encode_fixed,
                                    .largest = largest_fixed,
                                    .lowest = lowest_fixed,
                                    .smallest_positive = smallest_fixed,
                                    .smallest_normal = smallest_fixed,
                                    .unit_roundoff = no_relative_error,
                                    .max_rounding_error = max_error_fixed,
                                    .fits_double = fixed_fits_double};

}  // namespace

constexpr Family kFixedFamily = {
    .id = FormatFamily::kFixed,
    .values =
        "integers times 2^-(W-I), up to 128 bits; I counts the sign, may be negative or above W",
    .heads = {"fixed", "ufixed"},
    .spelling = "fixed<W,I> ufixed<W,I>",
    .parameters = {"<W,I>", "<W,I>"},
    .parse = parse,
    .elements = &kElements,
    .groups = nullptr,
    .ordered = nullptr,
    .modifiers = {.overflow = true, .wrap = true},
    .fields = fields,
    .describe = describe_fixed};

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
