#include "families.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {

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
