#include <algorithm>
#include <bit>

#include "halfulp/formats/exact.hpp"
#include "halfulp/support/assert.hpp"
#include "limbs.hpp"

namespace halfulp {
namespace {

using Wide = unsigned __int128;

// Cuts a non-negative number, limb(i) of weight 2^(64 i), at bit `place`.
template <typename Limb>
LongAccumulator::Truncated cut(const Limb& limb, int first_nonzero, int place) {
  const int i = place / 64;
  const int shift = place % 64;
  LongAccumulator::Truncated result{};
  Wide low = limb(i) | Wide{limb(i + 1)} << 64;
  result.magnitude = low >> shift;
  if (shift != 0) result.magnitude |= Wide{limb(i + 2)} << (128 - shift);
  if (place == 0) return result;
  const int half_limb = (place - 1) / 64;
  const int half_shift = (place - 1) % 64;
  result.half = (limb(half_limb) >> half_shift & 1) != 0;
  const std::uint64_t below = (std::uint64_t{1} << half_shift) - 1;
  result.sticky = first_nonzero < half_limb || (limb(half_limb) & below) != 0;
  return result;
}

}  // namespace

int LongAccumulator::exponent() const {
  const Magnitude magnitude(limb_.data(), low_, high_);
  HALFULP_ASSERT(!magnitude.is_zero());
  const int top = magnitude.last_nonzero();
  return 64 * top + static_cast<int>(std::bit_width(magnitude.at(top))) - 1 + kLimbZeroExponent;
}

LongAccumulator::Truncated LongAccumulator::truncate(int lsb_exponent) const {
  const int place = lsb_exponent - kLimbZeroExponent;
  HALFULP_ASSERT(place >= 0);
  const Magnitude magnitude(limb_.data(), low_, high_);
  if (magnitude.is_zero()) return {};
  return cut([&](int i) { return magnitude.at(i); }, magnitude.first_nonzero(), place);
}

LongAccumulator::Truncated LongAccumulator::truncate_quotient(int lsb_exponent,
                                                              std::uint64_t n) const {
  HALFULP_ASSERT(n > 0);
  const int place = lsb_exponent - kLimbZeroExponent;
  HALFULP_ASSERT(place > 0);
  const Magnitude magnitude(limb_.data(), low_, high_);
  if (magnitude.is_zero()) return {};
  // Long division from the top, down to the limb of the first discarded bit; what is left is
  // sticky.
  const int last = (place - 1) / 64;
  std::array<std::uint64_t, kLimbs + 3> quotient;
  for (int i = last; i <= last + 3; ++i) {
    if (i < static_cast<int>(quotient.size())) quotient[i] = 0;
  }
  std::uint64_t rest = 0;
  for (int i = magnitude.last_nonzero(); i >= last; --i) {
    const Wide dividend = Wide{rest} << 64 | magnitude.at(i);
    quotient[i] = static_cast<std::uint64_t>(dividend / n);
    rest = static_cast<std::uint64_t>(dividend % n);
  }
  const bool below = rest != 0 || magnitude.first_nonzero() < last;
  const int highest = std::max(last + 3, magnitude.last_nonzero());
  return cut([&](int i) { return i <= highest && i < kLimbs + 3 ? quotient[i] : 0; },
             below ? last - 1 : last, place);
}

std::uint64_t LongAccumulator::discarded_bits(int lsb_exponent, int bits) const {
  HALFULP_ASSERT(bits >= 1 && bits <= 32);
  const auto cut_below = truncate(lsb_exponent - bits).magnitude;
  return static_cast<std::uint64_t>(cut_below) & ((std::uint64_t{1} << bits) - 1);
}

}  // namespace halfulp
