// Reproducible doubles from every corner: zeros, subnormals, neighbours of powers of two, the
// largest numbers, short and full significands of every exponent.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "halfulp/enclosure/mp_interval.hpp"

namespace halfulp::test {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  // Any finite double, special ones often.
  double special() {
    const double sign = below(2) ? 1 : -1;
    switch (below(8)) {
      case 0:
        return sign * 0.0;
      case 1:
        return sign * std::bit_cast<double>(below(std::uint64_t{1} << 52));
      case 2:
        return sign * static_cast<double>(below(5)) * std::numeric_limits<double>::denorm_min();
      case 3:
        return sign * (std::numeric_limits<double>::max() - (below(2) ? 0x1p970 : 0));
      case 4:
        return sign * next_neighbour(std::ldexp(1.0, static_cast<int>(below(2090)) - 1070));
      case 5:
        return sign * static_cast<double>(below(64)) / 16;
      case 6:
        return sign * std::ldexp(1 + unit(), static_cast<int>(below(2040)) - 1022);
      default:
        return moderate();
    }
  }
  double moderate() {
    return (below(2) ? 1 : -1) * std::ldexp(1 + unit(), static_cast<int>(below(20)) - 12);
  }

  Interval interval(double a, double b) { return {std::min(a, b), std::max(a, b)}; }
  Interval special_interval() {
    const double a = special();
    if (below(4) == 0) return a;
    return interval(a, below(3) == 0 ? a * (1 + unit() * 0x1p-20) : special());
  }
  Interval moderate_interval() {
    const double a = moderate();
    return below(4) == 0 ? Interval(a) : interval(a, moderate());
  }
  // A finite double in the interval, its finite ends often.
  double inside(const Interval& a) {
    constexpr double kLargest = std::numeric_limits<double>::max();
    return inside_bounded(
        {std::clamp(a.lo, -kLargest, kLargest), std::clamp(a.hi, -kLargest, kLargest)});
  }
  Interval subinterval(const Interval& a) { return interval(inside(a), inside(a)); }

 private:
  double inside_bounded(const Interval& a) {
    const std::uint64_t choice = below(4);
    if (choice == 0) return a.lo;
    if (choice == 1) return a.hi;
    const double t = unit();
    return std::clamp(a.lo * (1 - t) + a.hi * t, a.lo, a.hi);
  }
  double next_neighbour(double x) {
    switch (below(3)) {
      case 0:
        return x;
      case 1:
        return next_up(x);
      default:
        return next_down(x);
    }
  }
  std::mt19937_64 engine_;
};

}  // namespace halfulp::test
