#include "special_values.hpp"

#include <cmath>
#include <limits>

namespace halfulp::detail {

Expansion not_a_number() { return {{std::numeric_limits<double>::quiet_NaN()}}; }

// Formats without an infinity answer as for a number beyond any format.
Expansion infinity_of(const Format& format, bool negative) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (fits_double(format)) return {{round_to(format, negative ? -kInfinity : kInfinity)}};
  LongAccumulator beyond;
  beyond.clear();
  beyond.add_product(negative ? -0x1p550 : 0x1p550, 0x1p550);
  return round_exact(format, beyond);
}

Expansion zero_of(const Format& format, bool negative) {
  return {
      {negative && format.family == FormatFamily::kFloat && format.has_negative_zero ? -0.0 : 0.0}};
}

Expansion round_double(const Format& format, double x, std::uint32_t random) {
  LongAccumulator exact;
  exact.clear();
  exact.add(x);
  return round_exact(format, exact, random);
}

}  // namespace halfulp::detail
