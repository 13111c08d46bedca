// scale * (k - zero) for the values k of a fixed or float element: x / scale is rounded exactly in
// the element's grid without its limits, then limited to those of the element less the zero point.
#include "scaled.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "binary64.hpp"
#include "families.hpp"
#include "grid.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

// scale = units * 2^exponent, units odd.
struct ScaleParts {
  std::uint64_t units;
  int exponent;
};

ScaleParts parts_of(double scale) {
  const Binary64 parts = take_apart(scale);
  const int zeros = std::countr_zero(parts.significand);
  return {parts.significand >> zeros, parts.exponent + zeros};
}

double lowest_code(const Format& format) { return lowest(*format.element) - format.zero; }
double largest_code(const Format& format) { return largest(*format.element) - format.zero; }

// The grid of the element without limits: a number of codes no quotient needs.
Format unlimited(const Format& format) {
  Format grid = *format.element;
  grid.rounding = format.rounding;
  grid.stochastic_bits = format.stochastic_bits;
  grid.overflow = OverflowMode::kSaturate;
  if (grid.family == FormatFamily::kFixed) {
    grid.is_signed = true;
    grid.width_bits = 50;
  }
  return grid;
}

double limited(const Format& format, double code) {
  return std::fmin(std::fmax(code, lowest_code(format)), largest_code(format));
}

ExactNumber quotient(const Format& format, const ExactNumber& x) {
  const ScaleParts scale = parts_of(format.scale);
  HALFULP_ASSERT(std::bit_width(scale.units) + std::bit_width(x.divisor()) <= 64);
  return ExactNumber(x.numerator(), x.divisor() * scale.units, x.shift() + scale.exponent);
}

double product(const Format& format, double code) { return code == 0 ? code : format.scale * code; }

Expansion round_number(const Format& format, const ExactNumber& x, std::uint32_t random) {
  const Expansion code = round_number_on_grid(unlimited(format), quotient(format, x), random);
  return {{product(format, limited(format, code.part[0]))}};
}

// Half integers of the quotient's grid are the only places where its rounding can matter: away from
// them by more than the error of the division the rounded quotient decides.
bool is_clear(double quotient) {
  constexpr double kMargin = 0x1p-20;
  const double twice = 2 * quotient;
  return std::fabs(twice) < 0x1p30 && std::fabs(twice - std::nearbyint(twice)) > kMargin;
}

double round_double(const Format& format, double x, std::uint32_t random) {
  if (std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(x)) return product(format, x < 0 ? lowest_code(format) : largest_code(format));
  if (x == 0) return format.has_negative_zero ? x : 0.0;
  const double estimate = x / format.scale;
  const bool integers = format.element->family == FormatFamily::kFixed;
  if (integers && format.rounding == RoundingMode::kNearestEven && is_clear(estimate)) {
    return product(format, limited(format, std::nearbyint(estimate)) + 0.0);
  }
  LongAccumulator sum;
  sum.add(x);
  return round_number(format, ExactNumber(sum), random).part[0];
}

bool overflows_scaled(const Format& format, const ExactNumber& x) {
  const Format grid = unlimited(format);
  const std::uint32_t draw = x.negative() ? ~std::uint32_t{0} : 0;
  const double code = round_number_on_grid(grid, quotient(format, x), draw).part[0];
  return code != limited(format, code) || overflows_grid(grid, quotient(format, x));
}

double decode_scaled(const Format& format, std::uint64_t code) {
  const double value = format.element->family == FormatFamily::kFixed
                           ? decode(*format.element, code) - format.zero
                           : decode(*format.element, code);
  return product(format, value);
}

std::optional<std::uint64_t> encode_scaled(const Format& format, double x) {
  const double code = x / format.scale;
  if (product(format, code) != x) return std::nullopt;
  return encode(*format.element, code == 0 && format.zero == 0 ? code : code + format.zero);
}

double largest_scaled(const Format& format) { return product(format, largest_code(format)); }
double lowest_scaled(const Format& format) { return product(format, lowest_code(format)); }
double smallest_scaled(const Format& format) {
  return product(format, smallest_positive(*format.element));
}
double unit_roundoff_scaled(const Format& format) { return unit_roundoff(unlimited(format)); }

double max_error_scaled(const Format& format, double magnitude) {
  const double codes = std::nextafter(magnitude / format.scale, HUGE_VAL);
  const double error = max_rounding_error(unlimited(format), codes);
  const double product = error * format.scale;
  return std::fma(error, format.scale, -product) == 0 ? product : std::nextafter(product, HUGE_VAL);
}

bool always(const Format&) { return true; }

std::string describe_scaled(const Format& format) {
  return "scaled, " + counted(format.width_bits, "bit") + ", " + hexadecimal(format.scale) +
         " times " + format.element->name;
}

constexpr ElementRules kElements = {.round = round_double,
                                    .round_all = round_each,
                                    .round_number = round_number,
                                    .overflows = overflows_scaled,
                                    .decode = decode_scaled,
                                    .encode = encode_scaled,
                                    .largest = largest_scaled,
                                    .lowest = lowest_scaled,
                                    .smallest_positive = smallest_scaled,
                                    .smallest_normal = smallest_scaled,
                                    .unit_roundoff = unit_roundoff_scaled,
                                    .max_rounding_error = max_error_scaled,
                                    .fits_double = always};

}  // namespace

constexpr Family kScaledFamily = {
    .id = FormatFamily::kScaled,
    .values = "a scale times the numbers of an element format, less a zero point",
    .heads = {nullptr, nullptr},
    .spelling = nullptr,
    .parameters = {nullptr, nullptr},
    .parse = nullptr,
    .elements = &kElements,
    .groups = nullptr,
    .ordered = nullptr,
    .modifiers = {},
    .fields = nullptr,
    .describe = describe_scaled};

Format scaled_format(const Format& group, const GroupScale& scale) {
  HALFULP_ASSERT(std::isfinite(scale.scale) && scale.scale > 0);
  const Format& element = *group.element;
  Format format;
  format.name = "scaled(" + element.name + ", " + hexadecimal(scale.scale) + ", " +
                std::to_string(static_cast<std::int64_t>(scale.zero)) + ")" +
                rounding_suffix(group);
  format.family = FormatFamily::kScaled;
  format.width_bits = element.width_bits;
  format.is_signed = element.is_signed || scale.zero > 0;
  format.has_subnormals = element.has_subnormals;
  format.has_infinity = false;
  format.has_negative_zero = element.has_negative_zero;
  format.rounding = group.rounding;
  format.stochastic_bits = group.stochastic_bits;
  format.element = group.element;
  format.scale = scale.scale;
  format.zero = scale.zero;
  return format;
}

}  // namespace halfulp
