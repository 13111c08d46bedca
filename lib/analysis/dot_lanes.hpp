// Rounding errors inside eight dot products at once: the rules of dot_error.hpp for fixed and float formats and sums that do not
// overflow, in doubles, branch-free. A lane where anything could overflow is left to dot_effect.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dot_error.hpp"

namespace halfulp {

inline constexpr int kLanes = 8;
using LaneNumbers = double[kLanes];

// `hi` and -`neg_lo` enclose a value; `open` is 0 where the value is known to be one of the accumulator's format, infinite elsewhere.
struct Pack {
  LaneNumbers hi, neg_lo, open;
};

// The largest rounding error of |x| <= m that does not overflow: min(m + beyond, max(floor, scale * binade(m))), of which the share
// `up` is added and the share `down` subtracted.
struct LaneRounding {
  double scale = 0, floor = 0, beyond = 0;
  double up = 0, down = 0;
  double lowest, highest;    // of the format
  double smallest;           // no magnitude below it needs a smaller binade
  double to_candidate = 0;   // 0: nearest rounding, no farther than any value of the format; infinite otherwise
};

// nullopt: no such model. `format` nullptr: exact.
std::optional<LaneRounding> lane_rounding(const Format* format, const ValueGrid& grid);

// What the eight products have in common.
struct LaneDots {
  std::optional<LaneRounding> product;      // nullopt: exact products
  LaneRounding accumulator;
  bool rounded_sums = false;
  SummationOrder order;
};

// products[k] = rows[lane][terms[k]] * inputs[lane][elements[k]], in deployed order; `open` as in Pack.
struct LaneFactors {
  const double* rows[kLanes] = {};  // exact weights
  const Interval* inputs[kLanes] = {};
  const std::vector<std::int64_t>* terms = nullptr;
  const std::vector<std::int64_t>* elements = nullptr;
  double open = 0;
};

struct LaneEffect {
  Pack product_error, accumulator_error;
  bool fits[kLanes];   // false where a value may overflow or is not finite: nothing is known of this lane
};

// Instruction sets that the program has code for, narrowest first; results are the same with each.
enum class LaneMachine : std::uint8_t { kPlain, kAvx2, kAvx512 };
std::vector<LaneMachine> lane_machines();  // that this processor runs

// Sums the products from `start` in the deployed order; `buffer` is room for work. The widest machine is taken.
LaneEffect lane_effect(const LaneDots& dots, const Pack& start, const LaneFactors& factors, std::vector<Pack>& buffer);
LaneEffect lane_effect(const LaneDots& dots, const Pack& start, const LaneFactors& factors, std::vector<Pack>& buffer, LaneMachine machine);

}  // namespace halfulp
