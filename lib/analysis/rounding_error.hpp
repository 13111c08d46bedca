// What rounding to a format can do to values of a known range, without knowing the values.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>

#include "halfulp/enclosure/interval.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp {

// What is known of the grid that the deployed values of a node lie on: multiples of 2^lsb, and, if set, values of `held`.
struct ValueGrid {
  static constexpr int kUnknown = std::numeric_limits<int>::min();
  int lsb = kUnknown;
  std::optional<Format> held;
};

// The format's finite values lie within, outward (a wide format's largest value outgrows double).
Interval format_limits(const Format& format);
// Every value of the format is a multiple of 2^(result); kUnknown for families without a useful grid.
int lsb_exponent(const Format& format);
// Values on the grid are values of the format wherever they do not overflow: rounding to it then changes nothing.
bool is_exact_on(const Format& format, const ValueGrid& grid);
// The grid of values after rounding to the format. Where a value may have overflowed, the format's limits count as values too:
// they need not lie on the coarser grid that the values came from.
ValueGrid grid_after(const Format& format, const ValueGrid& before, bool overflow);
// The largest exponent e such that x is a multiple of 2^e; kUnknown for 0 is replaced by INT_MAX.
inline int lsb_exponent(double x) {
  if (x == 0) return std::numeric_limits<int>::max();
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const int field = static_cast<int>(bits >> 52) & 0x7FF;
  const std::uint64_t significand = field == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
  return std::max(field, 1) - 1075 + std::countr_zero(significand);
}

// Rounds up or down at random, in proportion to the distances but for 2^-stochastic_bits of the gap.
bool is_random(const Format& format);

struct RoundingEffect {
  Interval error;         // rounded - exact, over all exact values in the range
  Interval after;         // range of the rounded values
  bool overflow = false;  // an exact value can leave the format's range
};

// Effects of rounding to one format many values that share a grid: limits and the last binade's error are kept.
class RoundingRule {
 public:
  RoundingRule(const Format& format, const ValueGrid& grid);
  // `range` bounds the exact value before rounding.
  RoundingEffect effect(const Interval& range);

 private:
  Interval plain_error(double magnitude);

  const Format& format_;
  Interval limits_;
  bool exact_;
  double same_above_ = 1, same_to_ = 0;   // |x| in (same_above_, same_to_] errs by same_error_
  double same_error_ = 0;
};

RoundingEffect rounding_effect(const Format& format, const Interval& range, const ValueGrid& grid);

// rounded - exact of one exact number; the format is deterministic and fits double.
Interval rounding_error_of(const Format& format, const LongAccumulator& exact);

// Rounding to nearest without overflow errs by no more than the distance to any value of the format: narrows `error` by the
// distance to one known candidate. Other modes and flushed subnormals: `error` as it is.
Interval near_candidate(const Format& format, const Interval& error, double distance);

}  // namespace halfulp
