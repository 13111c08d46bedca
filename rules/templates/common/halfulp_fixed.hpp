// fixed<W,I>: integers of W bits times 2^-(W-I), I integer bits including the sign, rounded and clamped in integers.
#ifndef HALFULP_FIXED_HPP
#define HALFULP_FIXED_HPP

#include "halfulp_rounding.hpp"

namespace halfulp_rt {

template <int W, bool Signed>
using code_of = std::conditional_t<
    Signed,
    std::conditional_t<(W <= 8), std::int8_t, std::conditional_t<(W <= 16), std::int16_t,
                       std::conditional_t<(W <= 32), std::int32_t, std::int64_t>>>,
    std::conditional_t<(W <= 8), std::uint8_t, std::conditional_t<(W <= 16), std::uint16_t,
                       std::conditional_t<(W <= 32), std::uint32_t, std::uint64_t>>>>;

template <int W, int I, bool Signed, rounding R, overflow O>
struct fixed {
  static_assert(W >= 1 && W <= 64, "fixed: 1 to 64 bits");
  static constexpr int kLsb = I - W;
  static constexpr int kBits = W;
  typedef code_of<W, Signed> code_type;
  code_type code;

  unpacked unpack() const {
    const bool negative = code < 0;
    const std::uint64_t bits = static_cast<std::uint64_t>(code);
    return {negative, negative ? 0 - bits : bits, kLsb};
  }

  static std::uint64_t largest(bool negative) {
    if (!Signed) return negative ? 0 : low_mask(W);
    return negative && O != overflow::saturate_symmetric ? std::uint64_t{1} << (W - 1) : low_mask(W - 1);
  }

  // Two's complement of the low W bits.
  static fixed from_magnitude(bool negative, std::uint64_t m) {
    std::uint64_t bits = (negative ? 0 - m : m) & low_mask(W);
    if (Signed && (bits >> (W - 1)) != 0) bits |= ~low_mask(W);
    return {static_cast<code_type>(bits)};
  }

  // The value (-1)^negative * m * 2^lsb, a little more in magnitude if sticky.
  template <class Magnitude>
  static fixed round(bool negative, const Magnitude& m, int lsb, bool sticky) {
    cut_value c = cut(m, kLsb - lsb);
    c.sticky = c.sticky || sticky;
    uint128 q = c.quotient;
    if (rounds_up(R, negative, (q & 1) != 0, c.half, c.sticky)) q += 1;
    const bool over = c.beyond || q > largest(negative);
    if (over && O != overflow::wrap) return from_magnitude(negative, largest(negative));
    return from_magnitude(negative, static_cast<std::uint64_t>(q));
  }
};

}  // namespace halfulp_rt

#endif
