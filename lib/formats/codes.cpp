#include <algorithm>
#include <cmath>
#include <limits>

#include "binary64.hpp"
#include "grid.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

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

double decode_float_magnitude(const Format& format, std::uint64_t code) {
  const int stored = format.stored_significand_bits;
  const std::uint64_t hidden = std::uint64_t{1} << stored;
  const auto field = static_cast<int>(code >> stored);
  const std::uint64_t fraction = code & (hidden - 1);
  const bool zero_field_is_normal = format.emin == -format.bias;
  if (code == 0) return 0;
  if (field == 0 && !zero_field_is_normal) {
    if (!format.has_subnormals) return 0;
    return static_cast<double>(fraction) * power_of_two(format.emin - stored);
  }
  return static_cast<double>(fraction | hidden) * power_of_two(field - format.bias - stored);
}

double decode_float(const Format& format, std::uint64_t code) {
  const bool is_nan_code =
      std::find(format.nan_codes.begin(), format.nan_codes.end(), code) != format.nan_codes.end();
  if (is_nan_code) return std::numeric_limits<double>::quiet_NaN();
  const int sign_place = format.width_bits - 1;
  const double sign = (code >> sign_place) != 0 ? -1.0 : 1.0;
  const std::uint64_t magnitude = code & mask(sign_place);
  if (magnitude <= format.max_finite_code) return sign * decode_float_magnitude(format, magnitude);
  if (format.has_infinity && magnitude == format.max_finite_code + 1) {
    return sign * std::numeric_limits<double>::infinity();
  }
  return std::numeric_limits<double>::quiet_NaN();
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
    if (magnitude > mask(width - (format.is_signed ? 1 : 0))) return std::nullopt;
    return magnitude;
  }
  if (!format.is_signed || magnitude > std::uint64_t{1} << (width - 1)) return std::nullopt;
  return (~magnitude + 1) & mask(width);
}

std::optional<std::uint64_t> encode_float_magnitude(const Format& format, double x) {
  if (x == 0) return 0;
  if (x > largest(format)) return std::nullopt;
  const int stored = format.stored_significand_bits;
  const int exponent = std::max(std::ilogb(x), format.emin);
  if (std::ilogb(x) < format.emin && !format.has_subnormals) return std::nullopt;
  const double scaled = std::ldexp(x, stored - exponent);
  if (scaled != std::floor(scaled)) return std::nullopt;
  const auto significand = static_cast<std::uint64_t>(scaled);
  const std::uint64_t hidden = std::uint64_t{1} << stored;
  if (significand < hidden) return significand;
  const std::uint64_t code =
      (static_cast<std::uint64_t>(exponent + format.bias) << stored) | (significand - hidden);
  if (code == 0) return std::nullopt;  // 2^emin where that code is zero's
  return code;
}

std::optional<std::uint64_t> encode_float(const Format& format, double x) {
  if (std::isnan(x)) {
    if (format.nan_codes.empty()) return std::nullopt;
    return format.nan_codes.front();
  }
  const std::uint64_t sign = std::signbit(x) ? std::uint64_t{1} << (format.width_bits - 1) : 0;
  if (std::isinf(x)) {
    if (!format.has_infinity) return std::nullopt;
    return (format.max_finite_code + 1) | sign;
  }
  if (x == 0 && !format.has_negative_zero) return 0;
  const auto magnitude = encode_float_magnitude(format, std::fabs(x));
  if (!magnitude) return std::nullopt;
  return *magnitude | sign;
}

}  // namespace

double decode(const Format& format, std::uint64_t code) {
  HALFULP_ASSERT(fits_double(format));
  HALFULP_ASSERT((code & ~mask(format.width_bits)) == 0);
  return format.family == FormatFamily::kFixed ? decode_fixed(format, code)
                                               : decode_float(format, code);
}

std::optional<std::uint64_t> encode(const Format& format, double x) {
  HALFULP_ASSERT(fits_double(format));
  return format.family == FormatFamily::kFixed ? encode_fixed(format, x) : encode_float(format, x);
}

}  // namespace halfulp
