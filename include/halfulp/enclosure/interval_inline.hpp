// The hot operations of Interval, inline. Exactness of a rounded result is read off its error term:
// TwoSum (Knuth, TAOCP 2, 4.2.2) for sums, the FMA residual for products; both are exact where the
// fast path is taken. The rest (overflow, infinities, residuals that could underflow) is decided
// out of line.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "halfulp/enclosure/interval.hpp"

namespace halfulp {

namespace detail {
double add_special(double a, double b, double sum, bool up);
double mul_special(double a, double b, double product, bool up);
// Products of at least this magnitude have residuals that are doubles: 2^-1074 <= ulp * 2^-53.
inline constexpr double kExactResidual = 0x1p-960;
inline bool is_finite(double x) { return std::fabs(x) <= std::numeric_limits<double>::max(); }
// Whether the residual of the product p is exact.
inline bool is_regular(double p) {
  const double m = std::fabs(p);
  return m >= kExactResidual && m <= std::numeric_limits<double>::max();
}
// next_up(x) or x, without a branch: errors are as often positive as negative. x is finite, and not
// zero where it steps (a zero sum or a regular product is never inexact).
inline double step_up_if(bool step, double x) {
  const auto bits = std::bit_cast<std::int64_t>(x);
  const std::int64_t one = 1 | (bits >> 63);
  return std::bit_cast<double>(bits + (one & -static_cast<std::int64_t>(step)));
}
}  // namespace detail

inline double next_up(double x) {
  if (x == 0) return std::numeric_limits<double>::denorm_min();
  if (x == std::numeric_limits<double>::infinity()) return x;
  const auto bits = std::bit_cast<std::int64_t>(x);
  return std::bit_cast<double>(x > 0 ? bits + 1 : bits - 1);
}

inline double next_down(double x) { return -next_up(-x); }

inline double add_up(double a, double b) {
  const double sum = a + b;
  if (!detail::is_finite(sum)) [[unlikely]]
    return detail::add_special(a, b, sum, true);
  const double b_virtual = sum - a;
  const double error = (a - (sum - b_virtual)) + (b - b_virtual);
  return detail::step_up_if(!(error <= 0), sum);
}

inline double add_down(double a, double b) { return -add_up(-a, -b); }

inline double mul_up(double a, double b) {
  const double product = a * b;
  if (!detail::is_regular(product)) [[unlikely]]
    return detail::mul_special(a, b, product, true);
  return detail::step_up_if(std::fma(a, b, -product) > 0, product);
}

inline double mul_down(double a, double b) {
  const double product = a * b;
  if (!detail::is_regular(product)) [[unlikely]]
    return detail::mul_special(a, b, product, false);
  return -detail::step_up_if(std::fma(a, b, -product) < 0, -product);
}

inline Interval operator+(const Interval& a, const Interval& b) {
  return {add_down(a.lo, b.lo), add_up(a.hi, b.hi)};
}
inline Interval operator-(const Interval& a) { return {-a.hi, -a.lo}; }
inline Interval operator-(const Interval& a, const Interval& b) {
  return {add_down(a.lo, -b.hi), add_up(a.hi, -b.lo)};
}

inline Interval operator*(const Interval& a, const Interval& b) {
  if (a.lo >= 0) {
    return {mul_down(b.lo >= 0 ? a.lo : a.hi, b.lo), mul_up(b.hi >= 0 ? a.hi : a.lo, b.hi)};
  }
  if (a.hi <= 0) {
    return {mul_down(b.hi >= 0 ? a.lo : a.hi, b.hi), mul_up(b.lo >= 0 ? a.hi : a.lo, b.lo)};
  }
  if (b.lo >= 0) return {mul_down(a.lo, b.hi), mul_up(a.hi, b.hi)};
  if (b.hi <= 0) return {mul_down(a.hi, b.lo), mul_up(a.lo, b.lo)};
  return {std::min(mul_down(a.lo, b.hi), mul_down(a.hi, b.lo)),
          std::max(mul_up(a.lo, b.lo), mul_up(a.hi, b.hi))};
}

inline void add_product(Interval& acc, const Interval& a, double b) {
  acc.lo = add_down(acc.lo, mul_down(b >= 0 ? a.lo : a.hi, b));
  acc.hi = add_up(acc.hi, mul_up(b >= 0 ? a.hi : a.lo, b));
}

inline double magnitude(const Interval& a) { return std::max(std::fabs(a.lo), std::fabs(a.hi)); }
inline double mignitude(const Interval& a) { return a.lo > 0 ? a.lo : a.hi < 0 ? -a.hi : 0.0; }
inline double width_up(const Interval& a) { return add_up(a.hi, -a.lo); }
inline Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)};
}
inline Interval max(const Interval& a, const Interval& b) {
  return {std::max(a.lo, b.lo), std::max(a.hi, b.hi)};
}
inline Interval min(const Interval& a, const Interval& b) {
  return {std::min(a.lo, b.lo), std::min(a.hi, b.hi)};
}
inline Interval abs(const Interval& a) { return {mignitude(a), magnitude(a)}; }

}  // namespace halfulp
