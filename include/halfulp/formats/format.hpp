// A number format is one plain record: which real numbers it holds, how a real number is rounded into it, and what happens
// beyond its largest magnitude. docs/formats.md lists the families with their spelling.
//
// Element formats round each value by itself:
// fixed<W,I>: integers k in [-2^(W-1), 2^(W-1)-1] times 2^-(W-I); ufixed<W,I>: k in [0, 2^W-1].
// float: (-1)^s 2^e (m/2^P) with m < 2^(P+1), P stored bits, precision p = P+1, emin <= e <= emax; subnormals below.
// power: powers of two 2^(code - bias), emin..emax, with or without sign and zero (e8m0, binary8p1). Ties go to the even code.
// posit<N,ES>: Posit Standard (2022) generalised to any ES; takum<N>: linear takum (Hunhold 2024). Both are rounded on their
//   encoding (the bit string is cut after N bits, ties to the even code); with a nearest mode no non-zero number becomes zero.
// lns<W,I>: sign and log2 |x| as fixed<W-1,I>. The value of code k is the double nearest 2^(k/2^F), F = W-1-I; a nearest mode
//   rounds the logarithm, so that its boundaries are 2^((k+1/2)/2^F), decided exactly.
// dw<FLOAT>: unevaluated sums hi + lo of two numbers of a float format, hi the sum rounded to nearest even.
// scaled: scale * (k - zero) for the values k of `element`; what a group format with a known scale becomes.
//
// Group formats share a scale among values (halfulp/formats/group.hpp): int<W> uint<W> dynamic-fixed<W> bfp<M,B> mx<ELEM,B>
// nvfp4. round_to and its relatives do not take them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

enum class FormatFamily : std::uint8_t {
  kFixed,
  kFloat,
  kPower,
  kPosit,
  kTakum,
  kLns,
  kDoubleWord,
  kScaled,
  kInteger,       // int<W>, uint<W>
  kDynamicFixed,
  kBlock,         // bfp<M,B>
  kMicroscaling,  // mx<ELEM,B>
  kNvfp4,
};

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

// The power-of-two scale of a block with largest magnitude a; the element format has largest value L, 2^emax <= L < 2^(emax+1).
enum class ScaleRule : std::uint8_t {
  kFloor,           // 2^(floor(log2 a) - emax): OCP Microscaling 1.0; values above L * scale saturate
  kCeil,            // 2^(ceil(log2 a) - emax)
  kNearest,         // a/L rounded to the nearest power of two, ties to the even exponent code of e8m0
  kEven,            // as kFloor for a rounded to the element's precision
  kSaturationFree,  // the least power of two >= a/L
};

struct Format {
  std::string name;                 // canonical spelling, modifiers included
  FormatFamily family = FormatFamily::kFixed;
  int width_bits = 0;               // storage bits of one value

  // fixed and ufixed; fraction_bits also of the logarithm of lns
  bool is_signed = true;
  int fraction_bits = 0;            // value = code * 2^-fraction_bits; may be negative or above width_bits

  // float and power (P = 0)
  int exponent_bits = 0;            // posit: ES
  int stored_significand_bits = 0;  // P; precision p = P + 1
  int bias = 0;
  int emin = 0;                     // exponent of the smallest normal number
  int emax = 0;                     // exponent of the largest finite number
  bool has_subnormals = true;
  bool has_infinity = true;
  bool has_negative_zero = true;
  bool has_zero = true;             // e8m0 has none
  std::uint64_t max_finite_code = 0;        // code (sign cleared) of the largest finite number
  std::vector<std::uint64_t> nan_codes;     // the first is the one produced; empty = the format has no NaN
  bool flush_subnormals = false;    // the `flush` modifier: results (rounded as gradual) below 2^emin become zero

  RoundingMode rounding = RoundingMode::kNearestEven;
  int stochastic_bits = 32;
  OverflowMode overflow = OverflowMode::kSaturate;

  // The word of dw, the element of mx, nvfp4 and scaled; of the other group formats, the integers their values are in units
  // of the scale.
  std::shared_ptr<const Format> element = nullptr;
  // scaled
  double scale = 1;                 // positive, with at most 32 significant bits
  double zero = 0;                  // an integer
  // group formats
  int block_size = 0;               // values that share a scale; 0 = the whole tensor, or a channel of it
  bool per_channel = false;         // the suffix @channel: a scale for each index of the axis
  std::optional<int> axis = {};     // modifier axis<K>; absent = the caller's channel axis
  ScaleRule scale_rule = ScaleRule::kFloor;
  bool is_symmetric = true;         // int: zero point 0
  int scale_bits = 0;               // storage of one shared scale, zero point included

  bool operator==(const Format& other) const { return name == other.name; }
};

// Parses one spelling, e.g. "fixed<8,3>:stochastic<8>:wrap", "e5m2:toward-zero:flush", "fp16", "float<5,10>".
// Errors: E0201 unknown format (nearest known name as help), E0202 parameters out of range, E0203 unknown modifier.
Result<Format> parse_format(const std::string& spelling);

// Whether values share a scale: such a format needs the whole group to round (halfulp/formats/group.hpp).
bool is_grouped(const Format& format);

Format make_fixed(int width_bits, int integer_bits);            // signed, nearest-even, saturate
Format make_ufixed(int width_bits, int integer_bits);
Format make_float(int exponent_bits, int stored_significand_bits);  // IEEE-like

// All named records of rules/formats, in file order, for `halfulp formats`.
Result<std::vector<Format>> named_formats();

double largest(const Format& format);            // largest finite value, rounded down if it outgrows double
double lowest(const Format& format);             // most negative finite value (rounded toward zero if it outgrows double); 0 for ufixed
double smallest_positive(const Format& format);  // smallest positive value (subnormal if the format has them)
double smallest_normal(const Format& format);    // float only; other families: the same as smallest_positive
// Largest relative rounding error where the relative precision is highest (posit and takum: around 1; lns: everywhere), for
// the rounding mode: 2^-p nearest, 2^(1-p) otherwise; 0 for fixed and for group formats, whose errors are absolute.
double unit_roundoff(const Format& format);
bool fits_double(const Format& format);          // every value of the format is a double

}  // namespace halfulp
