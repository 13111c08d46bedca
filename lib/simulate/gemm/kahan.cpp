#include "kahan.hpp"

namespace halfulp::sim {
namespace {

Expansion negative(const Expansion& x) { return {{-x.part[0], -x.part[1], -x.part[2]}}; }

}  // namespace

Expansion compensated_sum(const Terms& terms, const Expansion& start, const DotRounding& rounding, std::uint64_t element) {
  std::uint64_t index = 4 * element * rounding.depth;
  ExactSum exact;
  const auto rounded = [&](const Expansion& a, const Expansion& b) {
    exact.clear();
    exact.add(a);
    exact.add(b);
    return rounding.accumulator.round(exact, index++);
  };
  Expansion sum = start, error;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    exact.clear();
    exact.add_product(terms.left[t], terms.right[t]);
    Expansion y;
    if (rounding.product) {
      y = rounded(rounding.product.round(exact, element * rounding.depth + t), negative(error));
    } else {
      exact.add(negative(error));
      y = rounding.accumulator.round(exact, index++);
    }
    const Expansion next = rounded(sum, y);
    error = rounded(rounded(next, negative(sum)), negative(y));
    sum = next;
  }
  return sum;
}

}  // namespace halfulp::sim
