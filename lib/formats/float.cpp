#include <algorithm>
#include <cmath>
#include <limits>

#include "binary64.hpp"
#include "families.hpp"
#include "grid.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {

namespace {

Result<Format> parse(const Spelling& text) {
  const auto numbers = integer_parameters(text, kFloatFamily, 2);
  if (!numbers) return fail(numbers.error());
  return checked_float((*numbers)[0], (*numbers)[1]);
}

bool zero_field_is_normal(const Format& format) { return format.emin == -format.bias; }

double largest_float(const Format& format) {
  const int stored = format.stored_significand_bits;
  const std::uint64_t hidden = std::uint64_t{1} << stored;
  const std::uint64_t significand = (format.max_finite_code & (hidden - 1)) | hidden;
  return static_cast<double>(significand) * power_of_two(format.emax - stored);
}

double lowest_float(const Format& format) { return -largest_float(format); }

double smallest_normal_float(const Format& format) {
  const double binade = power_of_two(format.emin);
  // The code of 2^emin is zero's there; the next one is the first non-zero value.
  return zero_field_is_normal(format) ? binade + power_of_two(finest_exponent(format)) : binade;
}

double smallest_float(const Format& format) {
  const bool gradual = format.has_subnormals && !format.flush_subnormals;
  return gradual ? power_of_two(finest_exponent(format)) : smallest_normal_float(format);
}

double unit_roundoff_float(const Format& format) {
  return power_of_two(-format.stored_significand_bits - (is_nearest(format.rounding) ? 1 : 0));
}

bool always(const Format&) { return true; }

double decode_magnitude(const Format& format, std::uint64_t code) {
  const int stored = format.stored_significand_bits;
  const std::uint64_t hidden = std::uint64_t{1} << stored;
  const auto field = static_cast<int>(code >> stored);
  const std::uint64_t fraction = code & (hidden - 1);
  if (code == 0) return 0;
  if (field == 0 && !zero_field_is_normal(format)) {
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
  const std::uint64_t magnitude = code & ((std::uint64_t{1} << sign_place) - 1);
  if (magnitude <= format.max_finite_code) return sign * decode_magnitude(format, magnitude);
  if (format.has_infinity && magnitude == format.max_finite_code + 1) {
    return sign * std::numeric_limits<double>::infinity();
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::optional<std::uint64_t> encode_magnitude(const Format& format, double x) {
  if (x == 0) return 0;
  if (x > largest_float(format)) return std::nullopt;
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
  const auto magnitude = encode_magnitude(format, std::fabs(x));
  if (!magnitude) return std::nullopt;
  return *magnitude | sign;
}

// Exponent of the spacing of the values next to any |x| < magnitude; x = magnitude itself counts
// only if it is not a power of two, which the format holds exactly.
int spacing_exponent(const Format& format, double magnitude) {
  int exponent = format.emax;
  if (std::isfinite(magnitude)) {
    const double fraction = std::frexp(magnitude, &exponent);
    exponent -= fraction == 0.5 ? 2 : 1;
  }
  return std::max(finest_exponent(format),
                  std::min(exponent, format.emax) - format.stored_significand_bits);
}

// What is lost between zero and the smallest normal number where subnormals are flushed or absent.
double underflow_error(const Format& format, double magnitude) {
  const double gap = smallest_normal_float(format);
  if (format.flush_subnormals) return std::min(gap, magnitude);
  if (format.has_subnormals) return 0;
  return is_nearest(format.rounding) ? gap / 2 : gap;
}

double max_error_float(const Format& format, double magnitude) {
  const bool nearest = is_nearest(format.rounding);
  const int exponent = spacing_exponent(format, magnitude) - (nearest ? 1 : 0);
  const double error = std::max(power_of_two_up(exponent), underflow_error(format, magnitude));
  // Zero is a value of every format, so that nearest and truncating modes never move x farther than
  // zero is.
  const bool shrinks = nearest || format.rounding == RoundingMode::kTowardZero;
  return shrinks ? std::min(error, magnitude) : error;
}

std::vector<FieldWidth> fields(const Format& format, std::uint64_t) {
  return {{"sign", 1},
          {"exponent", format.exponent_bits},
          {"significand", format.stored_significand_bits}};
}

std::string describe_float(const Format& format) {
  const auto number = [](int x) { return std::to_string(x); };
  return "float, " + number(format.width_bits) + " bits, precision " +
         number(format.stored_significand_bits + 1) + ", " + number(format.exponent_bits) +
         " exponent bits, bias " + number(format.bias) + ", emin " + number(format.emin) +
         ", emax " + number(format.emax) +
         (format.has_subnormals ? ", subnormals" : ", no subnormals") +
         (format.has_infinity ? ", infinities, " : ", no infinities, ") +
         (format.nan_codes.empty() ? "no" : number(static_cast<int>(format.nan_codes.size()))) +
         (format.nan_codes.empty() ? " NaN" : " NaN codes");
}

constexpr ElementRules kElements = {.round = round_double_on_grid,
                                    .round_all = round_all_on_grid,
                                    .round_number = round_number_on_grid,
                                    .overflows = overflows_grid,
                                    .decode = decode_float,
                                    .encode = encode_float,
                                    .largest = largest_float,
                                    .lowest = lowest_float,
                                    .smallest_positive = smallest_float,
                                    .smallest_normal = smallest_normal_float,
                                    .unit_roundoff = unit_roundoff_float,
                                    .max_rounding_error = max_error_float,
                                    .fits_double = always};

}  // namespace

constexpr Family kFloatFamily = {.id = FormatFamily::kFloat,
                                 .values =
                                     "(-1)^s 2^e m with IEEE 754 exponent and significand fields; "
                                     "records say bias, subnormals, infinities, NaN codes",
                                 .heads = {"float", nullptr},
                                 .spelling = "float<E,P>",
                                 .parameters = {"<E,P>", nullptr},
                                 .parse = parse,
                                 .elements = &kElements,
                                 .groups = nullptr,
                                 .ordered = nullptr,
                                 .modifiers = {.overflow = true, .flush = true},
                                 .fields = fields,
                                 .describe = describe_float};

Result<Format> checked_float(int exponent_bits, int stored_significand_bits) {
  const std::string name = "float<" + std::to_string(exponent_bits) + "," +
                           std::to_string(stored_significand_bits) + ">";
  if (exponent_bits < 2 || exponent_bits > 11) {
    return fail("E0202", "the exponent bits of '" + name + "' must lie in 2..11");
  }
  if (stored_significand_bits < 1 || stored_significand_bits > 52) {
    return fail("E0202", "the stored significand bits of '" + name + "' must lie in 1..52");
  }
  const int stored = stored_significand_bits;
  const std::uint64_t infinity = ((std::uint64_t{1} << exponent_bits) - 1) << stored;
  Format format;
  format.name = name;
  format.family = FormatFamily::kFloat;
  format.width_bits = 1 + exponent_bits + stored;
  format.exponent_bits = exponent_bits;
  format.stored_significand_bits = stored;
  format.bias = (1 << (exponent_bits - 1)) - 1;
  format.emin = 1 - format.bias;
  format.emax = format.bias;
  format.max_finite_code = infinity - 1;
  format.nan_codes = {infinity | (std::uint64_t{1} << (stored - 1))};
  return format;
}

Format make_float(int exponent_bits, int stored_significand_bits) {
  auto format = checked_float(exponent_bits, stored_significand_bits);
  HALFULP_ASSERT(format.has_value());
  return *std::move(format);
}

}  // namespace halfulp
