#include "chunks.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/support/assert.hpp"

namespace halfulp::sim {
namespace {

constexpr int kSumBits = 52;         // of the 53 a double has
constexpr int kNarrowWeightBits = 26;
constexpr int kMaxWidth = 160;

}  // namespace

int width_bits(const ValueGrid& grid) { return grid.lsb == INT_MAX ? 0 : std::ilogb(grid.bound) + 1 - grid.lsb; }

bool can_split(const ValueGrid& grid) { return in_range(grid) && width_bits(grid) <= kMaxWidth; }

std::vector<Chunk> split(const ValueView& values, const ValueGrid& grid, int bits) {
  HALFULP_ASSERT(bits >= 1);
  const int count = (width_bits(grid) + bits - 1) / bits;
  std::vector<Chunk> chunks(static_cast<std::size_t>(count));
  for (Chunk& chunk : chunks) chunk.values.resize(values.size());
  for (const auto plane : values.plane) {
    for (std::size_t i = 0; i < plane.size(); ++i) {
      double rest = plane[i];
      for (int c = count - 1; c >= 0 && rest != 0; --c) {
        const int last = grid.lsb + c * bits;
        const double part = std::ldexp(std::trunc(std::ldexp(rest, -last)), last);
        chunks[static_cast<std::size_t>(c)].values[i] += part;
        rest -= part;
      }
    }
  }
  for (Chunk& chunk : chunks) chunk.grid = *measure({{chunk.values, {}, {}}});
  std::erase_if(chunks, [](const Chunk& chunk) { return chunk.grid.lsb == INT_MAX; });
  return chunks;
}

double largest_row_sum(std::span<const double> weights, std::size_t depth) {
  double largest = 0;
  for (std::size_t row = 0; row + depth <= weights.size(); row += depth) {
    double sum = 0;
    for (const double w : weights.subspan(row, depth)) sum += std::fabs(w);
    largest = std::max(largest, sum);
  }
  return largest;
}

std::vector<Chunk> split_weights(const ValueView& weights, const ValueGrid& grid, std::size_t depth) {
  const int width = width_bits(grid);
  const int half = (kSumBits - std::ilogb(static_cast<double>(depth)) - 1) / 2;
  std::vector<Chunk> chunks = split(weights, grid, std::max(1, width <= kNarrowWeightBits ? width : half));
  for (Chunk& chunk : chunks) chunk.row_sum = largest_row_sum(chunk.values, depth);
  return chunks;
}

int operand_bits(const std::vector<Chunk>& weights) {
  int bits = kSumBits;
  for (const Chunk& chunk : weights) bits = std::min(bits, kSumBits - (std::ilogb(chunk.row_sum) + 1 - chunk.grid.lsb));
  return bits;
}

}  // namespace halfulp::sim
