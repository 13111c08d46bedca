// Each format family as a carrier: what arithmetic on it works with.
#include <algorithm>
#include <bit>

#include "carrier.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

Carrier of_float(const Format& format, int width_bits, int precision) {
  return float_carrier(width_bits, precision, format.exponent_bits, format.emin + 1 - precision, format.emax);
}

// A code whose exponents reach +-reach and whose significand has at most `precision` bits.
Carrier coded(const Format& format, Coding coding, int precision, int reach) {
  const int exponent_bits = std::bit_width(static_cast<unsigned>(2 * reach));
  Carrier carrier = float_carrier(format.width_bits, std::max(1, precision), exponent_bits, -reach, reach);
  carrier.coding = coding;
  return carrier;
}

Carrier in_blocks(Carrier element, int block) {
  element.block = block;
  return element;
}

}  // namespace

Carrier carrier_of(const Format& format) {
  switch (format.family) {
    case FormatFamily::kFixed: return fixed_carrier(-format.fraction_bits, format.width_bits);
    case FormatFamily::kFloat: return of_float(format, format.width_bits, format.stored_significand_bits + 1);
    case FormatFamily::kPower: return of_float(format, format.width_bits, 1);
    case FormatFamily::kInteger:
    case FormatFamily::kDynamicFixed: return fixed_carrier(0, format.width_bits);
    case FormatFamily::kBlock: return in_blocks(fixed_carrier(0, format.width_bits), format.block_size);
    case FormatFamily::kMicroscaling:
    case FormatFamily::kNvfp4: return in_blocks(carrier_of(*format.element), format.block_size);
    case FormatFamily::kScaled: return carrier_of(*format.element);
    case FormatFamily::kPosit:  // sign and two regime bits at least
      return coded(format, Coding::kTapered, format.width_bits - 2 - format.exponent_bits, (format.width_bits - 2) << format.exponent_bits);
    case FormatFamily::kTakum:  // sign, direction and three regime bits at least
      return coded(format, Coding::kTapered, format.width_bits - 4, 255);
    case FormatFamily::kLns: {
      const int integer_bits = std::clamp(format.width_bits - 1 - format.fraction_bits, 1, 16);
      return coded(format, Coding::kLogarithm, format.fraction_bits + 1, 1 << (integer_bits - 1));
    }
    case FormatFamily::kDoubleWord:
      return of_float(*format.element, format.width_bits, 2 * (format.element->stored_significand_bits + 1) + 1);
  }
  HALFULP_ASSERT(!"a format family");
}

}  // namespace halfulp
