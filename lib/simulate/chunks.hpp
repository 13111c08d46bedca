// Values cut into sums of narrow ones, so that dot products of wide operands become a few exact products of matrices:
// x = sum_i x_i with x_i a multiple of 2^(lsb + i bits) below 2^(lsb + (i + 1) bits). (The idea of Ozaki, Ogita, Oishi and Rump,
// "Error-free transformations of matrix multiplication", Numer. Algorithms 59, 2012, on fixed grids.)
#pragma once

#include <vector>

#include "value_grid.hpp"

namespace halfulp::sim {

struct Chunk {
  std::vector<double> values;
  ValueGrid grid;
  double row_sum = 0;  // weights: max over rows of the sum of magnitudes
};

// Bits from the last bit of the grid to the first bit of its bound; 0 if all values are zero.
int width_bits(const ValueGrid& grid);
// Whether chunks of the values are few, and clear of underflow and overflow.
bool can_split(const ValueGrid& grid);
// Chunks that are not zero, least significant first. `grid` is that of the values; bits >= 1.
std::vector<Chunk> split(const ValueView& values, const ValueGrid& grid, int bits);
// The weights of a linear map of `depth`: one chunk if they are narrow, else chunks that leave the operand as many bits.
std::vector<Chunk> split_weights(const ValueView& weights, const ValueGrid& grid, std::size_t depth);
// Bits that chunks of the operand may have beside these weights.
int operand_bits(const std::vector<Chunk>& weights);
double largest_row_sum(std::span<const double> weights, std::size_t depth);

}  // namespace halfulp::sim
