// int<W> and uint<W>: scale a float32, zero point an integer (group.hpp has the rule).
#include <algorithm>
#include <bit>
#include <cmath>

#include "binary64.hpp"
#include "families.hpp"
#include "halfulp/formats/round.hpp"
#include "scaled.hpp"

namespace halfulp {

namespace {

constexpr int kMinWidth = 2;
constexpr int kMaxWidth = 24;  // scale and code together have at most 49 significant bits
constexpr int kFloatBits = 32;

Format float32(RoundingMode mode) {
  Format format = make_float(8, 23);
  format.rounding = mode;
  return format;
}

double codes(const Format& format) {  // steps between the ends of the range
  const int bits = format.is_symmetric ? format.width_bits - 1 : format.width_bits;
  return static_cast<double>((std::uint64_t{1} << bits) - 1);
}

// (high - low) / steps rounded up to a float32; at least the smallest, at most the largest one.
double step(double low, double high, double steps) {
  LongAccumulator range;
  range.add(high);
  range.add(-low);
  if (range.is_zero()) return 1;
  return round_quotient(float32(RoundingMode::kUp), range, static_cast<std::uint64_t>(steps))
      .part[0];
}

double lowest_code(const Format& format) { return lowest(*format.element); }

// round(q_min - low / scale): low / scale in nearest-even integers.
double zero_point(const Format& format, double low, double scale) {
  if (low == 0) return lowest_code(format);
  const Binary64 parts = take_apart(scale);
  const int zeros = std::countr_zero(parts.significand);
  LongAccumulator sum;
  sum.add_product(-low, 1.0);
  Format integers = make_fixed(50, 50);
  const ExactNumber quotient(sum, parts.significand >> zeros, parts.exponent + zeros);
  const double shift = family_of(integers).elements->round_number(integers, quotient, 0).part[0];
  return std::fmin(lowest_code(format) + shift, largest(*format.element));
}

GroupScale choose(const Format& format, const GroupExtent& group, double) {
  if (format.is_symmetric) {
    return {.scale = step(0, std::fmax(-group.lowest, group.largest), codes(format)), .zero = 0};
  }
  const double low = std::fmin(0.0, group.lowest);
  const double scale = step(low, std::fmax(0.0, group.largest), codes(format));
  return {.scale = scale, .zero = zero_point(format, low, scale)};
}

// The largest scale of groups within [-max_abs, max_abs].
double largest_scale(const Format& format, double max_abs) {
  return step(format.is_symmetric ? 0 : -max_abs, max_abs, codes(format));
}

// What the zero point's own rounding cuts off at the end of the range is at most half a step; only
// a scale that has reached the largest float32 saturates more.
double max_error(const Format& format, double max_abs) {
  if (std::isinf(max_abs)) return HUGE_VAL;
  const double scale = largest_scale(format, max_abs);
  const double rounding = is_nearest(format.rounding) ? scale / 2 : scale;
  const double last = largest(float32(RoundingMode::kUp));
  if (scale < last) return std::fmax(rounding, 0x1p-1074);
  return std::fmax(rounding, max_abs);
}

double max_value(const Format& format, double max_abs) {
  return std::nextafter(max_abs + max_error(format, max_abs), HUGE_VAL);
}

double smallest(const Format&) { return 0x1p-149; }

Result<Format> parse(const Spelling& text) {
  const auto numbers = integer_parameters(text, kIntegerFamily, 1);
  if (!numbers) return fail(numbers.error());
  const int width = numbers->front();
  if (width < kMinWidth || width > kMaxWidth) {
    return fail("E0202", "'" + text.text + "' must have 2..24 bits");
  }
  const bool is_signed = text.head == "int";
  Format element = is_signed ? make_fixed(width, width) : make_ufixed(width, width);
  Format format;
  format.name = text.head + "<" + std::to_string(width) + ">" + text.suffix;
  format.family = FormatFamily::kInteger;
  format.width_bits = width;
  format.is_signed = is_signed;
  format.is_symmetric = is_signed;
  format.per_channel = !text.suffix.empty();
  format.has_subnormals = false;
  format.has_infinity = false;
  format.has_negative_zero = false;
  format.scale_bits = kFloatBits + width;
  format.element = std::make_shared<const Format>(std::move(element));
  return format;
}

Format element(const Format& format, const GroupScale& scale) {
  if (!format.is_symmetric) return scaled_format(format, scale);
  Format symmetric = format;
  Format integers = make_fixed(format.width_bits, format.width_bits);
  integers.overflow = OverflowMode::kSaturateSymmetric;
  integers.name += ":saturate-symmetric";
  symmetric.element = std::make_shared<const Format>(std::move(integers));
  return scaled_format(symmetric, scale);
}

std::string describe_integer(const Format& format) {
  return "affine, " + counted(format.width_bits, "bit") +
         (format.is_symmetric ? ", symmetric, float32 scale a "
                              : ", zero point, float32 scale a ") +
         (format.per_channel ? "channel" : "tensor");
}

constexpr GroupRules kGroups = {.tensor_scale = no_tensor_scale,
                                .choose_scale = choose,
                                .element = element,
                                .max_error = max_error,
                                .max_value = max_value,
                                .smallest_positive = smallest};

}  // namespace

constexpr Family kIntegerFamily = {.id = FormatFamily::kInteger,
                                   .values =
                                       "scale (q - z), q of 2 to 24 bits: symmetric int (z = 0), "
                                       "asymmetric uint; scale a float32, per tensor or @channel",
                                   .heads = {"int", "uint"},
                                   .spelling = "int<W> uint<W> int<W>@channel",
                                   .parameters = {"<W>", "<W>"},
                                   .parse = parse,
                                   .elements = nullptr,
                                   .groups = &kGroups,
                                   .ordered = nullptr,
                                   .modifiers = {.axis = true, .symmetry = true},
                                   .fields = nullptr,
                                   .describe = describe_integer};

}  // namespace halfulp
