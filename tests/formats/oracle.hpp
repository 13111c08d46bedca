// Rounding as the standard says it, in MPFR numbers wide enough to hold every sum of products of
// doubles exactly.
#pragma once

#include <mpfr.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "halfulp/formats/exact.hpp"
#include "halfulp/formats/format.hpp"

namespace halfulp::test {

class Mp {
 public:
  Mp();
  Mp(double x);  // NOLINT: a double is a number
  explicit Mp(const Expansion& x);
  Mp(const Mp& other);
  Mp& operator=(const Mp& other);
  ~Mp();

  mpfr_ptr get() { return value_; }
  mpfr_srcptr get() const { return value_; }
  double to_double() const { return mpfr_get_d(value_, MPFR_RNDN); }

 private:
  mpfr_t value_;
};

// Each is exact, or the test stops.
Mp operator+(const Mp& a, const Mp& b);
Mp operator-(const Mp& a, const Mp& b);
Mp operator*(const Mp& a, const Mp& b);
Mp scaled(const Mp& a, long exponent);  // a * 2^exponent

// The same number, NaN included, zeros of the same sign.
bool same(const Mp& a, const Mp& b);
std::ostream& operator<<(std::ostream& out, const Mp& x);

// x rounded to the format; x finite. `divisor` > 1: x / divisor rounded.
Mp oracle_round(const Format& format, const Mp& x, std::uint32_t random = 0,
                unsigned long divisor = 1);
// The value of a code from the definition of the format.
Mp oracle_decode(const Format& format, std::uint64_t code);

// The format parsed, or the test stops.
Format format_of(const std::string& spelling);
std::vector<Format> all_named();
// Every finite value of a format of up to 16 bits, ascending, one zero.
std::vector<double> finite_values(const Format& format);

extern const std::vector<std::string> kRoundingModes;  // the deterministic ones, as modifiers

}  // namespace halfulp::test
