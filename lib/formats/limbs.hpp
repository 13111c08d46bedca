// The magnitude of a two's complement number of 64-bit limbs, limb by limb, without a copy.
#pragma once

#include <cstdint>

namespace halfulp {

inline constexpr int kLimbZeroExponent =
    -2176;  // exponent of the last bit of LongAccumulator's limb 0

class Magnitude {
 public:
  // Limbs low..high are stored, limb high is the sign: all zeros or all ones.
  Magnitude(const std::uint64_t* limb, int low, int high) : limb_(limb), low_(low), high_(high) {
    negative_ = high >= low && limb[high] != 0;
    first_ = low;
    while (first_ <= high && limb[first_] == 0) ++first_;
    last_ = high;
    while (last_ >= first_ && at(last_) == 0) --last_;
  }

  bool is_zero() const { return last_ < first_; }
  int first_nonzero() const { return first_; }
  int last_nonzero() const { return last_; }

  std::uint64_t at(int i) const {
    if (i < first_ || i > high_) return 0;
    if (!negative_) return limb_[i];
    return i == first_ ? ~limb_[i] + 1 : ~limb_[i];
  }

 private:
  const std::uint64_t* limb_;
  int low_;
  int high_;
  int first_ = 0;
  int last_ = -1;
  bool negative_ = false;
};

}  // namespace halfulp
