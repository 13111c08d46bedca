#include "grid.hpp"

namespace halfulp {

int finest_exponent(const Format& format) {
  if (format.family == FormatFamily::kFixed) return -format.fraction_bits;
  return format.emin - format.stored_significand_bits;
}

Grid make_grid(const Format& format) {
  const bool is_float = format.family == FormatFamily::kFloat;
  return {.stored_bits = is_float ? format.stored_significand_bits : kOneGrid,
          .lsb = finest_exponent(format),
          .largest = largest(format),
          .lowest = lowest(format),
          .gap = is_float && !format.has_subnormals ? smallest_positive(format) : 0.0,
          .flush_below = format.flush_subnormals ? smallest_normal(format) : 0.0,
          .has_negative_zero = is_float && format.has_negative_zero,
          .stochastic_bits = format.stochastic_bits};
}

}  // namespace halfulp
