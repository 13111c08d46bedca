// Intervals with endpoints of working_precision() bits, every operation rounded outward by MPFR:
// the reference that `check` uses. Numbers are held inline (no allocation), so arrays of them are
// plain memory. Same operations as Interval.
#pragma once

#include <cstdint>

#include "halfulp/enclosure/interval.hpp"

namespace halfulp {

inline constexpr int kMaxWorkingPrecision = 256;

// Working precision in bits, 53..kMaxWorkingPrecision, of all later operations of the process. Set
// it before any MpInterval lives; not to be changed while other threads compute.
void set_working_precision(int bits);
int working_precision();

struct MpFloat {
  int kind = 2;  // MPFR's kind: sign * {0 NaN, 1 infinity, 2 zero, 3 regular}
  long exponent = 0;
  std::uint64_t limb[kMaxWorkingPrecision / 64] = {};
};

struct MpInterval {
  MpFloat lo, hi;
  MpInterval();              // [0, 0]
  MpInterval(double point);  // NOLINT: exact
  MpInterval(double lower_bound, double upper_bound);
  explicit MpInterval(const Interval& a) : MpInterval(a.lo, a.hi) {}
};

MpInterval operator+(const MpInterval& a, const MpInterval& b);
MpInterval operator-(const MpInterval& a, const MpInterval& b);
MpInterval operator-(const MpInterval& a);
MpInterval operator*(const MpInterval& a, const MpInterval& b);
MpInterval operator/(const MpInterval& a, const MpInterval& b);
inline MpInterval& operator+=(MpInterval& a, const MpInterval& b) { return a = a + b; }

MpInterval hull(const MpInterval& a, const MpInterval& b);
MpInterval intersect(const MpInterval& a, const MpInterval& b);
MpInterval abs(const MpInterval& a);
MpInterval max(const MpInterval& a, const MpInterval& b);
MpInterval min(const MpInterval& a, const MpInterval& b);
MpInterval square(const MpInterval& a);
MpInterval power(const MpInterval& a, int exponent);
MpInterval sqrt(const MpInterval& a);
MpInterval exp(const MpInterval& a);
MpInterval log(const MpInterval& a);
MpInterval tanh(const MpInterval& a);
MpInterval sigmoid(const MpInterval& a);
MpInterval sin(const MpInterval& a);   // radians
MpInterval cos(const MpInterval& a);
MpInterval atan(const MpInterval& a);
MpInterval erf(const MpInterval& a);  // 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x
MpInterval erf_derivative(const MpInterval& a);

double lower(const MpInterval& a);      // rounded down to double
double upper(const MpInterval& a);      // rounded up
double magnitude(const MpInterval& a);  // rounded up
double mignitude(const MpInterval& a);  // rounded down
double width_up(const MpInterval& a);
double midpoint(const MpInterval& a);
bool contains(const MpInterval& a, double x);
template <>
inline MpInterval make_interval<MpInterval>(double lo, double hi) {
  return {lo, hi};
}
// acc += a * b, and the cheaper form for an exact double b.
void add_product(MpInterval& acc, const MpInterval& a, const MpInterval& b);
void add_product(MpInterval& acc, const MpInterval& a, double b);

inline Interval to_double(const MpInterval& a) { return {lower(a), upper(a)}; }
inline Interval to_double(const Interval& a) { return a; }

}  // namespace halfulp
