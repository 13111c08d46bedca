// lns<W,I>: sign bit s, then log2 |x| = k 2^-F as a (W-1)-bit integer k in two's complement,
// F = W-1-I. The least k stands for zero, and with s = 1 for NaN. Places count k from the least.
#include <bit>
#include <cmath>

#include "binary64.hpp"
#include "exp2.hpp"
#include "halfulp/support/assert.hpp"
#include "ordered.hpp"

namespace halfulp {

namespace {

using Wide = unsigned __int128;

constexpr int kMaxWidth = 32;
constexpr int kMaxIntegerBits = 10;  // every value then lies in 2^-512 .. 2^512

std::int64_t least(const Format& format) { return -(std::int64_t{1} << (format.width_bits - 2)); }

std::uint64_t last_place(const Format& format) {
  return (std::uint64_t{1} << (format.width_bits - 1)) - 1;
}

// 2^(k / 2^fraction_bits): the exponent, and the significand from below within kPowerSlack 2^-127.
struct Power {
  int exponent;
  Wide significand;
  bool exact;
};

Power power(std::int64_t k, int fraction_bits) {
  const auto exponent = static_cast<int>(k >> fraction_bits);
  const auto j = static_cast<std::uint64_t>(k) & ((std::uint64_t{1} << fraction_bits) - 1);
  return {exponent, power_of_two_fraction(j, fraction_bits), j == 0};
}

// The double nearest 2^(k / 2^F). A power that is not exact is irrational, so that its
// neighbourhood of the slack decides, or the program stops.
double nearest_double(std::int64_t k, int fraction_bits) {
  const Power p = power(k, fraction_bits);
  if (p.exact) return std::ldexp(1.0, p.exponent);
  const Wide half = Wide{1} << 74;
  const auto down = static_cast<std::uint64_t>((p.significand + half) >> 75);
  const auto up = static_cast<std::uint64_t>((p.significand + kPowerSlack + half) >> 75);
  HALFULP_ASSERT(down == up);
  return std::ldexp(static_cast<double>(down), p.exponent - 52);
}

double value(const Format& format, std::uint64_t place) {
  return nearest_double(least(format) + static_cast<std::int64_t>(place), format.fraction_bits);
}

// 2^((k+1/2) / 2^F); below the smallest number the middle to zero.
double boundary(const Format& format, std::uint64_t place) {
  if (place == 0) return value(format, 1) / 2;
  const std::int64_t k = least(format) + static_cast<std::int64_t>(place);
  return nearest_double(2 * k + 1, format.fraction_bits + 1);
}

bool beyond_boundary(const Format& format, std::uint64_t place, const Leading& x) {
  const std::int64_t k = least(format) + static_cast<std::int64_t>(place);
  const Power p = power(2 * k + 1, format.fraction_bits + 1);
  if (x.exponent != p.exponent) return x.exponent > p.exponent;
  if (x.significand >= p.significand + kPowerSlack) return true;
  HALFULP_ASSERT(x.significand < p.significand);
  return false;
}

// Between zero and the smallest number the boundary is an ordinary midpoint, and can be met.
Position below_the_smallest(const Format& format, const Leading& x) {
  const int side = compare(x, leading_of(boundary(format, 0)));
  return {.place = 0, .half = side >= 0, .sticky = side != 0};
}

Position locate(const Format& format, const Leading& x) {
  const std::uint64_t last = last_place(format);
  const double significand = std::ldexp(static_cast<double>(x.significand >> 75), -52);
  const double logarithm = x.exponent + std::log2(significand);
  const double estimate =
      std::floor(std::ldexp(logarithm, format.fraction_bits)) - static_cast<double>(least(format));
  if (estimate < 0) return below_the_smallest(format, x);
  if (estimate > static_cast<double>(last) + 2) return {last + 1, false, true};
  auto place = static_cast<std::uint64_t>(estimate);
  while (place > 0 && compare(x, leading_of(value(format, place))) < 0) --place;
  while (place <= last && compare(x, leading_of(value(format, place + 1))) >= 0) ++place;
  if (place == 0) return below_the_smallest(format, x);
  const bool exact = compare(x, leading_of(value(format, place))) == 0;
  if (exact) return {place, false, false};
  return {.place = place, .half = beyond_boundary(format, place, x), .sticky = true};
}

std::uint64_t magnitude_mask(const Format& format) {
  return (std::uint64_t{1} << (format.width_bits - 1)) - 1;
}

SignedPlace place_of_code(const Format& format, std::uint64_t code) {
  const std::uint64_t least_code = std::uint64_t{1} << (format.width_bits - 2);
  return {code > magnitude_mask(format), (code & magnitude_mask(format)) ^ least_code};
}

std::uint64_t code_of_place(const Format& format, SignedPlace at) {
  const std::uint64_t least_code = std::uint64_t{1} << (format.width_bits - 2);
  const std::uint64_t sign = at.negative ? magnitude_mask(format) + 1 : 0;
  return sign | (at.place ^ least_code);
}

Result<Format> parse(const Spelling& text) {
  const auto numbers = integer_parameters(text, kLnsFamily, 2);
  if (!numbers) return fail(numbers.error());
  const int width = (*numbers)[0];
  const int integer_bits = (*numbers)[1];
  if (width < 4 || width > kMaxWidth || integer_bits < 1 || integer_bits > kMaxIntegerBits ||
      integer_bits > width - 1) {
    return fail("E0202", "'" + text.text +
                             "' must have 4..32 bits and 1..10 integer bits of the logarithm, "
                             "fewer than the width");
  }
  Format format;
  format.name = "lns<" + std::to_string(width) + "," + std::to_string(integer_bits) + ">";
  format.family = FormatFamily::kLns;
  format.width_bits = width;
  format.fraction_bits = width - 1 - integer_bits;
  format.has_subnormals = false;
  format.has_infinity = false;
  format.has_negative_zero = false;
  format.nan_codes = {std::uint64_t{3} << (width - 2)};
  return format;
}

std::vector<FieldWidth> fields(const Format& format, std::uint64_t) {
  return {{"sign", 1},
          {"logarithm integer", format.width_bits - 1 - format.fraction_bits},
          {"logarithm fraction", format.fraction_bits}};
}

std::string describe_lns(const Format& format) {
  return "logarithmic, " + counted(format.width_bits, "bit") + ", logarithm with " +
         counted(format.width_bits - 1 - format.fraction_bits, "integer bit") +
         " (sign included) and " + counted(format.fraction_bits, "fraction bit") +
         ", zero and NaN, no infinities";
}

constexpr OrderedRules kRules = {.locate = locate,
                                 .value = value,
                                 .boundary = boundary,
                                 .last = last_place,
                                 .place_of_code = place_of_code,
                                 .code_of_place = code_of_place,
                                 .goes_on = true,
                                 .never_zero = false,
                                 .is_dyadic = false};

}  // namespace

constexpr Family kLnsFamily = {
    .id = FormatFamily::kLns,
    .values =
        "sign and log2 of the magnitude as fixed<W-1,I>, 4 to 32 bits; a nearest mode rounds the logarithm",
    .heads = {"lns", nullptr},
    .spelling = "lns<W,I>",
    .parameters = {"<W,I>", nullptr},
    .parse = parse,
    .elements = &kOrderedElements,
    .groups = nullptr,
    .ordered = &kRules,
    .modifiers = {.overflow = true},
    .fields = fields,
    .describe = describe_lns};

}  // namespace halfulp
