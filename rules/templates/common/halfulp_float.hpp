// Small floating-point formats in integers: sign, E exponent bits, P stored significand bits. A finite number is
// (-1)^s 2^e (1 + f/2^P) for emin <= e <= emax, and (-1)^s 2^emin f/2^P below (subnormals). Zero always has code 0.
#ifndef HALFULP_FLOAT_HPP
#define HALFULP_FLOAT_HPP

#include "halfulp_fixed.hpp"

namespace halfulp_rt {

// Format is a struct of constants: exponent_bits, significand_bits (P), bias, emin, max_code (of the largest finite number),
// subnormals (false: results below 2^emin become zero), and the mode `round`. Overflow saturates. In a format without
// subnormals the smallest positive number is gap_significand * 2^(emin - P), and rounding below it chooses between it and zero;
// where there are subnormals gap_significand is 0.
template <class Format>
struct floating {
  static constexpr int kP = Format::significand_bits;
  static constexpr int kBits = Format::exponent_bits + kP + 1;
  static constexpr bool kHasZeroField = Format::emin + Format::bias == 1;  // exponent field 0 means subnormal
  static_assert(kP <= 52 && kBits <= 64, "floating: up to 53 bits of precision");
  typedef code_of<kBits, false> code_type;
  code_type code;

  unpacked unpack() const {
    const std::uint64_t bits = static_cast<std::uint64_t>(code);
    const std::uint64_t m = bits & low_mask(kBits - 1);
    const bool negative = (bits >> (kBits - 1)) != 0;
    const int field = static_cast<int>(m >> kP);
    const std::uint64_t fraction = m & low_mask(kP);
    if (m == 0 || (kHasZeroField && field == 0)) return {negative, fraction, Format::emin - kP};
    return {negative, fraction | (std::uint64_t{1} << kP), field - Format::bias - kP};
  }

  static floating from_magnitude(bool negative, std::uint64_t m) {
    const std::uint64_t sign = negative && m != 0 ? std::uint64_t{1} << (kBits - 1) : 0;
    return {static_cast<code_type>(m | sign)};
  }

  // Between zero and the smallest positive number g: half compares with g / 2, as the discarded bits of a finer grid would.
  template <class Magnitude>
  static floating round_in_gap(bool negative, const Magnitude& m, int lsb, bool sticky) {
    const cut_value c = cut(m, Format::emin - kP - 1 - lsb);
    const std::uint64_t twice = static_cast<std::uint64_t>(c.quotient);
    const bool half = twice >= Format::gap_significand;
    const bool rest = twice != Format::gap_significand || c.half || c.sticky || sticky;
    if (!rounds_up(Format::round, negative, false, half, rest)) return {0};
    const std::uint64_t field = static_cast<std::uint64_t>(Format::emin + Format::bias);
    return from_magnitude(negative, (field << kP) + (Format::gap_significand - (std::uint64_t{1} << kP)));
  }

  // The value (-1)^negative * m * 2^lsb, a little more in magnitude if sticky.
  template <class Magnitude>
  static floating round(bool negative, const Magnitude& m, int lsb, bool sticky) {
    const int top = top_bit(m);
    if (top < 0) return {0};
    int e = top + lsb < Format::emin ? Format::emin : top + lsb;
    cut_value c = cut(m, e - kP - lsb);
    c.sticky = c.sticky || sticky;
    std::uint64_t q = static_cast<std::uint64_t>(c.quotient);
    if (e == Format::emin && q < Format::gap_significand) return round_in_gap(negative, m, lsb, sticky);
    if (rounds_up(Format::round, negative, (q & 1) != 0, c.half, c.sticky)) q += 1;
    if ((q >> (kP + 1)) != 0) {
      q >>= 1;
      e += 1;
    }
    if ((q >> kP) == 0) return from_magnitude(negative, Format::subnormals ? q : 0);
    if (e + Format::bias >= (1 << Format::exponent_bits)) return from_magnitude(negative, Format::max_code);
    const std::uint64_t code = (static_cast<std::uint64_t>(e + Format::bias) << kP) + (q - (std::uint64_t{1} << kP));
    return from_magnitude(negative, code > Format::max_code ? Format::max_code : code);
  }
};

}  // namespace halfulp_rt

#endif
