#include "carrier.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp {

Carrier fixed_carrier(int low, int width_bits) {
  return {.is_float = false, .width_bits = width_bits, .precision = width_bits, .exponent_bits = 0, .low = low, .span_bits = width_bits};
}

Carrier carrier_of(const Format& format) {
  if (format.family == FormatFamily::kFixed) return fixed_carrier(-format.fraction_bits, format.width_bits);
  const int low = format.emin - format.stored_significand_bits;
  return {.is_float = true,
          .width_bits = format.width_bits,
          .precision = format.stored_significand_bits + 1,
          .exponent_bits = format.exponent_bits,
          .low = low,
          .span_bits = format.emax + 2 - low};
}

Carrier product_of(const Carrier& a, const Carrier& b) {
  if (!a.is_float && !b.is_float) return fixed_carrier(a.low + b.low, a.width_bits + b.width_bits);
  const int precision = a.precision + b.precision;
  const int exponent_bits = std::max(a.exponent_bits, b.exponent_bits) + 1;
  return {.is_float = true,
          .width_bits = precision + exponent_bits,
          .precision = precision,
          .exponent_bits = exponent_bits,
          .low = a.low + b.low,
          .span_bits = a.span_bits + b.span_bits};
}

Carrier sum_of(const Carrier& term, double terms) {
  return fixed_carrier(term.low, term.span_bits + static_cast<int>(std::ceil(std::log2(std::max(1.0, terms)))));
}

Carrier either(const Carrier& a, const Carrier& b) {
  const int low = std::min(a.low, b.low), span = std::max(a.high(), b.high()) - low;
  if (!a.is_float && !b.is_float) return fixed_carrier(low, span);
  const int precision = std::max(a.precision, b.precision), exponent_bits = std::max(a.exponent_bits, b.exponent_bits);
  return {.is_float = true,
          .width_bits = std::max({a.width_bits, b.width_bits, precision + exponent_bits}),
          .precision = precision,
          .exponent_bits = exponent_bits,
          .low = low,
          .span_bits = span};
}

bool holds(const Carrier& to, const Carrier& from) {
  if (to.low > from.low || to.high() < from.high()) return false;
  return !to.is_float || (from.is_float && to.precision >= from.precision);
}

}  // namespace halfulp
