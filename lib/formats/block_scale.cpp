#include "block_scale.hpp"

#include <algorithm>
#include <cmath>

#include "binary64.hpp"
#include "families.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp {
namespace {

// Significant bits of the largest elements.
int precision(const Format& element) {
  return element.family == FormatFamily::kFloat ? element.stored_significand_bits + 1
                                                : element.width_bits - (element.is_signed ? 1 : 0);
}

// The exponent of max_abs rounded to nearest even to `bits` significant bits.
int rounded_exponent(double max_abs, int bits) {
  const int exponent = std::ilogb(max_abs);
  const double first_up = 2.0 - std::ldexp(1.0, -bits);  // the tie below 2 goes to 2
  return std::ldexp(max_abs, -exponent) >= first_up ? exponent + 1 : exponent;
}

// max_abs / limit against powers of two: floor(log2 of it), and the quotient's significand is
// compared by multiples of the limit, exactly.
int quotient_exponent(const Format& format, double max_abs, double limit) {
  int exponent = std::ilogb(max_abs) - std::ilogb(limit);
  if (std::ldexp(limit, exponent) > max_abs) --exponent;
  const double power = std::ldexp(limit, exponent);
  if (format.scale_rule == ScaleRule::kSaturationFree)
    return power == max_abs ? exponent : exponent + 1;
  const double tie = power * 1.5;
  if (max_abs == tie) return exponent + ((exponent + kMaxScaleExponent) & 1);
  return max_abs > tie ? exponent + 1 : exponent;
}

int clamped(int exponent) { return std::clamp(exponent, -kMaxScaleExponent, kMaxScaleExponent); }

}  // namespace

int scale_exponent(const Format& format, double max_abs) {
  const Format& element = *format.element;
  const double limit = largest(element);
  const int emax = std::ilogb(limit);
  // Beyond the range of the scales no rule matters, and every quotient below is exact.
  if (max_abs < std::ldexp(1.0, emax - kMaxScaleExponent - 2)) return -kMaxScaleExponent;
  if (max_abs > std::ldexp(1.0, emax + kMaxScaleExponent + 2)) return kMaxScaleExponent;
  const int exponent = std::ilogb(max_abs);
  switch (format.scale_rule) {
    case ScaleRule::kFloor:
      return clamped(exponent - emax);
    case ScaleRule::kCeil:
      return clamped(exponent + (std::ldexp(1.0, exponent) == max_abs ? 0 : 1) - emax);
    case ScaleRule::kEven:
      return clamped(rounded_exponent(max_abs, precision(element)) - emax);
    case ScaleRule::kNearest:
    case ScaleRule::kSaturationFree:
      break;
  }
  return clamped(quotient_exponent(format, max_abs, limit));
}

double largest_for_exponent(const Format& format, int exponent) {
  const double limit = largest(*format.element);
  switch (format.scale_rule) {
    case ScaleRule::kFloor:
    case ScaleRule::kEven:
      return std::ldexp(1.0, exponent + std::ilogb(limit) + 1);
    case ScaleRule::kCeil:
      return std::ldexp(1.0, exponent + std::ilogb(limit));
    case ScaleRule::kNearest:
      return std::ldexp(1.5 * limit, exponent);
    case ScaleRule::kSaturationFree:
      break;
  }
  return std::ldexp(limit, exponent);
}

Format scaled_by_power(const Format& format, int exponent) {
  Format element = *format.element;
  if (element.family == FormatFamily::kFixed) {
    element.name = (element.is_signed ? "fixed<" : "ufixed<") + std::to_string(element.width_bits) +
                   "," + std::to_string(element.width_bits - element.fraction_bits + exponent) +
                   ">";
  } else {
    element.name += "*2^" + std::to_string(exponent);
  }
  element.name += rounding_suffix(format);
  if (element.overflow == OverflowMode::kSaturateSymmetric) element.name += ":saturate-symmetric";
  element.fraction_bits -= element.family == FormatFamily::kFixed ? exponent : 0;
  element.emin += exponent;
  element.emax += exponent;
  element.bias -= exponent;
  element.rounding = format.rounding;
  element.stochastic_bits = format.stochastic_bits;
  return element;
}

}  // namespace halfulp
