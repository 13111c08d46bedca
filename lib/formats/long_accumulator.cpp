#include <algorithm>
#include <bit>

#include "binary64.hpp"
#include "halfulp/formats/exact.hpp"
#include "halfulp/support/assert.hpp"
#include "limbs.hpp"

// Two's complement with limbs low_..high_ stored. Below low_ the number is zero; limb high_ is all
// zeros or all ones, the sign.
namespace halfulp {
namespace {

using Wide = unsigned __int128;

// A magnitude of up to 128 bits moved left by 0..63 bits.
struct ThreeLimbs {
  std::uint64_t limb[3];
};

ThreeLimbs shift_left(Wide magnitude, int shift) {
  const Wide low = magnitude << shift;
  const std::uint64_t top = shift == 0 ? 0 : static_cast<std::uint64_t>(magnitude >> (128 - shift));
  return {{static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(low >> 64), top}};
}

// Extends the stored limbs [low, high] of the accumulator to include [first, last].
void extend(std::uint64_t* limb, int& low, int& high, int first, int last) {
  if (high < low) {
    low = first;
    high = last;
    for (int i = first; i <= last; ++i) limb[i] = 0;
    return;
  }
  while (low > first) limb[--low] = 0;
  const std::uint64_t sign = limb[high];
  while (high < last) limb[++high] = sign;
}

// Restores the sign limb after an addition: its value is -2..1, and one more limb holds the sign of
// those that are not 0 or -1.
void renormalize_sign(std::uint64_t* limb, int& high, int limbs) {
  const auto top = static_cast<std::int64_t>(limb[high]);
  if (top == 0 || top == -1) return;
  HALFULP_ASSERT(high + 1 < limbs);
  limb[++high] = top < 0 ? ~std::uint64_t{0} : 0;
}

void add_limbs(std::uint64_t* limb, int first, int high, const ThreeLimbs& value) {
  std::uint64_t carry = 0;
  for (int i = 0; i < 3; ++i) {
    const Wide sum = Wide{limb[first + i]} + value.limb[i] + carry;
    limb[first + i] = static_cast<std::uint64_t>(sum);
    carry = static_cast<std::uint64_t>(sum >> 64);
  }
  for (int i = first + 3; carry != 0 && i <= high; ++i) carry = ++limb[i] == 0 ? 1 : 0;
}

void subtract_limbs(std::uint64_t* limb, int first, int high, const ThreeLimbs& value) {
  std::uint64_t borrow = 0;
  for (int i = 0; i < 3; ++i) {
    const Wide difference = Wide{limb[first + i]} - value.limb[i] - borrow;
    limb[first + i] = static_cast<std::uint64_t>(difference);
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  }
  for (int i = first + 3; borrow != 0 && i <= high; ++i) borrow = limb[i]-- == 0 ? 1 : 0;
}

}  // namespace

void LongAccumulator::clear() {
  low_ = kLimbs;
  high_ = -1;
}

void LongAccumulator::add_scaled(bool negative, unsigned __int128 magnitude, int exponent) {
  if (magnitude == 0) return;
  const int place = exponent - kLimbZeroExponent;
  const int first = place / 64;
  HALFULP_ASSERT(place >= 0 && first + 3 < kLimbs);
  extend(limb_.data(), low_, high_, first, first + 3);
  const ThreeLimbs value = shift_left(magnitude, place % 64);
  if (negative) {
    subtract_limbs(limb_.data(), first, high_, value);
  } else {
    add_limbs(limb_.data(), first, high_, value);
  }
  renormalize_sign(limb_.data(), high_, kLimbs);
}

void LongAccumulator::add(double x) {
  HALFULP_ASSERT(is_finite_bits(std::bit_cast<std::uint64_t>(x)));
  const Binary64 parts = take_apart(x);
  add_scaled(parts.negative, parts.significand, parts.exponent);
}

void LongAccumulator::add(const Expansion& x) {
  for (const double part : x.part) add(part);
}

void LongAccumulator::add_product(double x, double y) {
  HALFULP_ASSERT(is_finite_bits(std::bit_cast<std::uint64_t>(x)));
  HALFULP_ASSERT(is_finite_bits(std::bit_cast<std::uint64_t>(y)));
  const Binary64 a = take_apart(x);
  const Binary64 b = take_apart(y);
  add_scaled(a.negative != b.negative, Wide{a.significand} * b.significand,
             a.exponent + b.exponent);
}

void LongAccumulator::subtract(const LongAccumulator& other) {
  if (other.high_ < other.low_) return;
  if (&other == this) return clear();
  const int last = std::max(high_, other.high_) + 1;
  HALFULP_ASSERT(last < kLimbs);
  extend(limb_.data(), low_, high_, std::min(low_, other.low_), last);
  std::uint64_t borrow = 0;
  for (int i = other.low_; i <= high_; ++i) {
    const std::uint64_t take = other.limb_[std::min(i, other.high_)];
    const Wide difference = Wide{limb_[i]} - take - borrow;
    limb_[i] = static_cast<std::uint64_t>(difference);
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  }
  while (high_ > low_ && limb_[high_] == limb_[high_ - 1]) --high_;
}

void LongAccumulator::negate() {
  if (high_ < low_) return;
  std::uint64_t carry = 1;
  for (int i = low_; i <= high_; ++i) {
    limb_[i] = ~limb_[i] + carry;
    carry = carry != 0 && limb_[i] == 0 ? 1 : 0;
  }
  renormalize_sign(limb_.data(), high_, kLimbs);
}

bool LongAccumulator::is_zero() const { return sign() == 0; }

int LongAccumulator::sign() const {
  if (high_ < low_) return 0;
  if (limb_[high_] != 0) return -1;
  for (int i = low_; i < high_; ++i) {
    if (limb_[i] != 0) return 1;
  }
  return 0;
}

}  // namespace halfulp
