#include "side_by_side.hpp"

#include "panels.hpp"
#include "tiles.hpp"

namespace halfulp::sim {

std::optional<std::vector<std::size_t>> accumulate_side_by_side(const Matrices& m, const GemmOptions& options, const Operand& a,
                                                                const Operand& b, std::span<double> c) {
  auto by_tiles = accumulate_tiles(m, options, a, b, c);
  if (by_tiles && by_tiles->empty()) return by_tiles;
  auto by_panels = accumulate_panels(m, options, a, b, c);
  return by_panels ? by_panels : by_tiles;
}

Expansion accumulate_alone(const Matrices& m, const DotRounding& rounding, std::size_t element) {
  const std::size_t i = element / m.shape.columns, j = element % m.shape.columns, depth = m.shape.depth;
  std::vector<double> left(depth), right(depth);
  for (std::size_t k = 0; k < depth; ++k) {
    left[k] = m.a(i, k);
    right[k] = m.b(j, k);
  }
  const Terms terms{{{left, {}, {}}}, {{right, {}, {}}}};
  return dot_product(terms, expansion_of(m.start_of(i, j)), 1, rounding, m.element_of(i, j));
}

bool accumulate_somehow(const Matrices& m, const GemmOptions& options, const DotRounding& rounding, const Operand& a, const Operand& b,
                        std::span<double> c) {
  const auto left = accumulate_side_by_side(m, options, a, b, c);
  if (!left) return false;
  for (const std::size_t element : *left) c[element] = accumulate_alone(m, rounding, element).part[0];
  return true;
}

}  // namespace halfulp::sim
