#include "chunked.hpp"

#include <bit>

#include "../chunks.hpp"
#include "tiles.hpp"

namespace halfulp::sim {
namespace {

constexpr int kSumBits = 52;
constexpr std::size_t kMaxProducts = 24;

Matrices product_of(const Matrices& m, const Chunk& a, const Chunk& b) {
  Matrices part = m;
  part.a.data = a.values.data();
  part.b.data = b.values.data();
  part.start.assign(m.start.size(), 0.0);
  return part;
}

}  // namespace

bool accumulate_chunks(const Matrices& m, std::span<const double> a, std::span<const double> b, const Rounder& output, std::span<double> c) {
  const ValueView left{{a, {}, {}}}, right{{b, {}, {}}};
  const ValueGrid left_grid = examine(a).grid(), right_grid = examine(b).grid();
  if (left_grid.lsb == INT_MAX || right_grid.lsb == INT_MAX || !can_split(left_grid) || !can_split(right_grid)) return false;
  const int bits = (kSumBits - static_cast<int>(std::bit_width(m.shape.depth))) / 2;
  if (bits < 1) return false;
  const auto left_chunks = split(left, left_grid, bits), right_chunks = split(right, right_grid, bits);
  if (left_chunks.size() * right_chunks.size() > kMaxProducts) return false;
  std::vector<std::vector<double>> parts;
  for (const Chunk& x : left_chunks) {
    for (const Chunk& y : right_chunks) {
      const ValueGrid products = product_grid(x.grid, y.grid);
      const ValueGrid sums{products.lsb, products.bound * static_cast<double>(m.shape.depth)};
      if (!sums_are_doubles(sums)) return false;
      parts.emplace_back(c.size());
      if (!accumulate_exact_tiles(product_of(m, x, y), examine(x.values), examine(y.values), sums, parts.back())) return false;
    }
  }
  ExactSum sum;
  for (std::size_t element = 0; element < c.size(); ++element) {
    sum.clear();
    sum.add(expansion_of(m.start_of(element / m.shape.columns, element % m.shape.columns)));
    for (const auto& part : parts) sum.add(expansion_of(part[element]));
    c[element] = output.round(sum, element).part[0];
  }
  return true;
}

}  // namespace halfulp::sim
