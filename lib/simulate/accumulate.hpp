// The general path: one dot product, every addition as the node's formats and summation order say.
#pragma once

#include "halfulp/schedule/schedule.hpp"
#include "rounder.hpp"

namespace halfulp::sim {

// The roundings of a Linear or Dot node.
struct DotRounding {
  Rounder product, accumulator, output;
  SummationOrder order;
  std::uint64_t depth = 1;  // fixes the random indices of one output
};

// The terms left[t] * right[t] that are added, padding left out, in index order.
struct Terms {
  ValueView left, right;
  std::size_t size() const { return left.size(); }
};

// (start + sum of the terms) / divisor in the output format; without one the accumulated value (divisor 1).
Expansion dot_product(const Terms& terms, const Expansion& start, std::uint64_t divisor, const DotRounding& rounding,
                      std::uint64_t element);

// The same from the accumulated value on. Requires an accumulator format.
Expansion finish_accumulated(const Expansion& accumulated, std::uint64_t divisor, const DotRounding& rounding, std::uint64_t element);

}  // namespace halfulp::sim
