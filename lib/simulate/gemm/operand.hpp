// What the choice of a path needs to know about the entries of a matrix.
#pragma once

#include <climits>
#include <span>

#include "../value_grid.hpp"

namespace halfulp::sim {

// Every entry is a multiple of 2^lsb with at most `bits` significant bits and magnitude at most `bound`.
struct Operand {
  int lsb = INT_MAX;  // INT_MAX: all zero
  int bits = 0;
  double bound = 0;
  bool is_single = true;  // every entry is a float32, subnormal ones excluded

  ValueGrid grid() const { return {lsb, bound}; }
};

// Requires finite entries.
Operand examine(std::span<const double> entries);

}  // namespace halfulp::sim
