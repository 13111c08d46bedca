#include "power.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace halfulp::sim {
namespace {

// Little-endian natural numbers.
using Natural = std::vector<std::uint32_t>;

void trim(Natural& a) {
  while (!a.empty() && a.back() == 0) a.pop_back();
}

int bit_length(const Natural& a) {
  return a.empty() ? 0 : static_cast<int>(a.size() * 32) - std::countl_zero(a.back());
}

Natural multiply(const Natural& a, const Natural& b) {
  Natural result(a.size() + b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      carry += std::uint64_t{a[i]} * b[j] + result[i + j];
      result[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    result[i + b.size()] = static_cast<std::uint32_t>(carry);
  }
  trim(result);
  return result;
}

// a = 2 a + bit
void shift_in(Natural& a, std::uint32_t bit) {
  for (std::uint32_t& digit : a) {
    const std::uint32_t out = digit >> 31;
    digit = (digit << 1) | bit;
    bit = out;
  }
  if (bit != 0) a.push_back(bit);
}

bool less(const Natural& a, const Natural& b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

void subtract(Natural& a, const Natural& b) {
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    borrow += std::int64_t{a[i]} - (i < b.size() ? std::int64_t{b[i]} : 0);
    a[i] = static_cast<std::uint32_t>(borrow);
    borrow >>= 32;
  }
  trim(a);
}

// |x| = digits * 2^exponent
struct Scaled {
  Natural digits;
  int exponent = 0;
};

Scaled scaled(const Expansion& x) {
  LongAccumulator rest;
  rest.clear();
  rest.add(x);
  if (rest.sign() < 0) rest.negate();
  int lowest = rest.exponent();
  for (const double part : x.part) {
    if (part != 0) lowest = std::min(lowest, std::max(std::ilogb(part) - 52, -1074));
  }
  Scaled result{Natural(static_cast<std::size_t>((rest.exponent() - lowest) / 32 + 1)), lowest};
  while (!rest.is_zero()) {
    const int lsb = std::max(rest.exponent() - 52, lowest);
    const auto chunk = static_cast<std::uint64_t>(rest.truncate(lsb).magnitude);
    for (int i = 0; i < 53; ++i) {
      const int bit = lsb - lowest + i;
      if ((chunk >> i) & 1) result.digits[static_cast<std::size_t>(bit / 32)] |= std::uint32_t{1} << (bit % 32);
    }
    rest.add(-std::ldexp(static_cast<double>(chunk), lsb));
  }
  trim(result.digits);
  return result;
}

// Bits of this weight range decide every rounding, wrap-around included; beyond it only "more" and "some rest" matter.
constexpr int kLowest = -1400, kHighest = 1400;

// Adds 2^exponent to the sum; bits beyond the range count as the one next to it.
class BitSink {
 public:
  explicit BitSink(LongAccumulator& sum) : sum_(sum) {}
  void add(int exponent) {
    if (exponent < kLowest) {
      rest_ = true;
    } else if (exponent > kHighest) {
      beyond_ = true;
    } else {
      put(exponent);
    }
  }
  void finish() {
    if (rest_) put(kLowest - 1);
    if (beyond_) put(kHighest + 1);
  }
  void add_rest() { rest_ = true; }

 private:
  void put(int exponent) { sum_.add_product(std::ldexp(1.0, exponent / 2), std::ldexp(1.0, exponent - exponent / 2)); }
  LongAccumulator& sum_;
  bool rest_ = false, beyond_ = false;
};

void add_natural(BitSink& sink, const Scaled& x) {
  for (int bit = 0; bit < bit_length(x.digits); ++bit) {
    if ((x.digits[static_cast<std::size_t>(bit / 32)] >> (bit % 32)) & 1) sink.add(x.exponent + bit);
  }
}

// 1 / x by long division, down to the lowest weight that matters.
void add_reciprocal(BitSink& sink, const Scaled& x) {
  const int length = bit_length(x.digits);
  int weight = -x.exponent - (length - 1);  // of the quotient's first bit; the remainder starts as 2^(length - 1)
  Natural rest{1};
  for (int i = 0; i < length - 1; ++i) shift_in(rest, 0);
  for (; weight >= kLowest && !rest.empty(); --weight) {
    if (!less(rest, x.digits)) {
      sink.add(weight);
      subtract(rest, x.digits);
    }
    shift_in(rest, 0);
  }
  if (!rest.empty()) sink.add_rest();
}

}  // namespace

Expansion rounded_power(const Expansion& x, int exponent, const Rounder& output, std::uint64_t index) {
  if (exponent == 0) return output.round(expansion_of(1), index);
  if (exponent == 1) return output.round(x, index);
  if (!is_finite(x) || x.part[0] == 0) return output.round(expansion_of(std::pow(x.part[0], exponent)), index);
  if (exponent == 2) {
    ExactSum square;
    square.add_product(x, x);
    return output.round(square, index);
  }
  const Scaled base = scaled(x);
  Scaled result{{1}, 0};
  for (int i = 0; i < std::abs(exponent); ++i) {
    result.digits = multiply(result.digits, base.digits);
    result.exponent += base.exponent;
  }
  LongAccumulator value;
  value.clear();
  BitSink sink(value);
  if (exponent > 0) {
    add_natural(sink, result);
  } else {
    add_reciprocal(sink, result);
  }
  sink.finish();
  if (x.part[0] < 0 && exponent % 2 != 0) value.negate();
  return round_exact(output.format(), value, output.random(index));
}

}  // namespace halfulp::sim
