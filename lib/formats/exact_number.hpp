// The exact argument of a rounding: x / n * 2^-shift for an exact sum x of products of doubles.
#pragma once

#include <bit>
#include <cstdint>

#include "halfulp/formats/exact.hpp"

namespace halfulp {

class ExactNumber {
 public:
  // x is not zero and outlives the number.
  explicit ExactNumber(const LongAccumulator& x, std::uint64_t n = 1, int shift = 0)
      : value_(x), n_(n), shift_(shift), negative_(x.sign() < 0) {}

  bool negative() const { return negative_; }
  const LongAccumulator& numerator() const { return value_; }
  std::uint64_t divisor() const { return n_; }
  int shift() const { return shift_; }

  // 2^exponent <= |number| < 2^(exponent+1)
  int exponent() const {
    if (n_ == 1) return value_.exponent() - shift_;
    // x / n = 2^e * (a/b) with 1/2 < a/b < 2.
    const int e = value_.exponent() - static_cast<int>(std::bit_width(n_) - 1);
    return (value_.truncate_quotient(e, n_).magnitude != 0 ? e : e - 1) - shift_;
  }

  LongAccumulator::Truncated truncate(int lsb) const {
    return n_ == 1 ? value_.truncate(lsb + shift_) : value_.truncate_quotient(lsb + shift_, n_);
  }

 private:
  const LongAccumulator& value_;
  std::uint64_t n_;
  int shift_;
  bool negative_;
};

}  // namespace halfulp
