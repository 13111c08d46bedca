// A number format is one plain record: which real numbers it holds, how a real number is rounded into it, and what happens
// beyond its largest magnitude. The grammar of its spelling is docs/design.md, "Format grammar".
//
// fixed<W,I>: integers k in [-2^(W-1), 2^(W-1)-1] times 2^-(W-I); ufixed<W,I>: k in [0, 2^W-1].
// float: (-1)^s 2^e (m/2^P) with m < 2^(P+1), P stored bits, precision p = P+1, emin <= e <= emax; subnormals below.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

enum class FormatFamily : std::uint8_t { kFixed, kFloat };

enum class RoundingMode : std::uint8_t {
  kNearestEven,
  kNearestAway,   // ties away from zero
  kNearestZero,   // ties toward zero
  kTowardZero,
  kUp,
  kDown,
  kOdd,           // inexact results to the neighbour with odd significand
  kStochastic,    // up with probability of the discarded fraction, on a grid of 2^-stochastic_bits
};

enum class OverflowMode : std::uint8_t { kSaturate, kInfinity, kWrap, kSaturateSymmetric, kError };

struct Format {
  std::string name;                 // canonical spelling, modifiers included
  FormatFamily family = FormatFamily::kFixed;
  int width_bits = 0;               // storage bits of one value

  // fixed and ufixed
  bool is_signed = true;
  int fraction_bits = 0;            // value = code * 2^-fraction_bits; may be negative or above width_bits

  // float
  int exponent_bits = 0;
  int stored_significand_bits = 0;  // P; precision p = P + 1
  int bias = 0;
  int emin = 0;                     // exponent of the smallest normal number
  int emax = 0;                     // exponent of the largest finite number
  bool has_subnormals = true;
  bool has_infinity = true;
  bool has_negative_zero = true;
  std::uint64_t max_finite_code = 0;        // code (sign cleared) of the largest finite number
  std::vector<std::uint64_t> nan_codes;     // the first is the one produced; empty = the format has no NaN
  bool flush_subnormals = false;    // the `flush` modifier: results (rounded as gradual) below 2^emin become zero

  RoundingMode rounding = RoundingMode::kNearestEven;
  int stochastic_bits = 32;
  OverflowMode overflow = OverflowMode::kSaturate;

  bool operator==(const Format& other) const { return name == other.name; }
};

// Parses one spelling, e.g. "fixed<8,3>:stochastic<8>:wrap", "e5m2:toward-zero:flush", "fp16", "float<5,10>".
// Errors: E0201 unknown format (nearest known name as help), E0202 parameters out of range, E0203 unknown modifier.
Result<Format> parse_format(const std::string& spelling);

Format make_fixed(int width_bits, int integer_bits);            // signed, nearest-even, saturate
Format make_ufixed(int width_bits, int integer_bits);
Format make_float(int exponent_bits, int stored_significand_bits);  // IEEE-like

// All named records of rules/formats, in file order, for `halfulp formats`.
Result<std::vector<Format>> named_formats();

double largest(const Format& format);            // largest finite value, rounded down if it outgrows double
double lowest(const Format& format);             // most negative finite value (rounded toward zero if it outgrows double); 0 for ufixed
double smallest_positive(const Format& format);  // smallest positive value (subnormal if the format has them)
double smallest_normal(const Format& format);    // float only; fixed: the same as smallest_positive
double unit_roundoff(const Format& format);      // u of the rounding mode: 2^-p nearest, 2^(1-p) otherwise; 0 for fixed
bool fits_double(const Format& format);          // every value of the format is a double

}  // namespace halfulp
