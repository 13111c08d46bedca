#include "carrier.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp {

Carrier fixed_carrier(int low, int width_bits) {
  return {.is_float = false, .width_bits = width_bits, .precision = width_bits, .exponent_bits = 0, .low = low, .span_bits = width_bits};
}

Carrier float_carrier(int width_bits, int precision, int exponent_bits, int low, int emax) {
  return {.is_float = true, .width_bits = width_bits, .precision = precision, .exponent_bits = exponent_bits, .low = low, .span_bits = emax + 2 - low};
}

Carrier plain(Carrier carrier) {
  carrier.coding = Coding::kPlain;
  return carrier;
}

Carrier product_of(const Carrier& a, const Carrier& b) {
  if (!a.is_float && !b.is_float) return fixed_carrier(a.low + b.low, a.width_bits + b.width_bits);
  const int precision = a.precision + b.precision;
  const int exponent_bits = std::max(a.exponent_bits, b.exponent_bits) + 1;
  Carrier product{.is_float = true,
                  .width_bits = precision + exponent_bits,
                  .precision = precision,
                  .exponent_bits = exponent_bits,
                  .low = a.low + b.low,
                  .span_bits = a.span_bits + b.span_bits};
  if (a.coding == Coding::kLogarithm && b.coding == Coding::kLogarithm) {
    product.coding = Coding::kLogarithm;
    product.width_bits = std::max(a.width_bits, b.width_bits) + 1;
    product.precision = std::max(a.precision, b.precision);
  }
  return product;
}

Carrier sum_of(const Carrier& term, double terms) {
  return fixed_carrier(term.low, term.span_bits + static_cast<int>(std::ceil(std::log2(std::max(1.0, terms)))));
}

Carrier either(const Carrier& a, const Carrier& b) {
  const int low = std::min(a.low, b.low), span = std::max(a.high(), b.high()) - low;
  const int block = std::max(a.block, b.block);
  const Coding coding = a.coding == b.coding ? a.coding : Coding::kPlain;
  if (!a.is_float && !b.is_float) {
    Carrier word = fixed_carrier(low, span);
    word.block = block;
    return word;
  }
  const int precision = std::max(a.precision, b.precision), exponent_bits = std::max(a.exponent_bits, b.exponent_bits);
  const int plain_width = coding == Coding::kPlain ? precision + exponent_bits : 0;
  return {.is_float = true,
          .width_bits = std::max({a.width_bits, b.width_bits, plain_width}),
          .precision = precision,
          .exponent_bits = exponent_bits,
          .low = low,
          .span_bits = span,
          .coding = coding,
          .block = block};
}

bool holds(const Carrier& to, const Carrier& from) {
  if (to.low > from.low || to.high() < from.high()) return false;
  return !to.is_float || (from.is_float && to.precision >= from.precision);
}

}  // namespace halfulp
