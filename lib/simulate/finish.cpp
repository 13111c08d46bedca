#include "finish.hpp"

namespace halfulp::sim {

Values finish(std::vector<double> sums, const Rounder& output) {
  Values result(std::move(sums));
  if (output) output.round_all(result);
  return result;
}

Expansion finish_quotient(double sum, std::uint64_t divisor, const Rounder& output, std::uint64_t index) {
  const double n = static_cast<double>(divisor);
  const double quotient = sum / n;
  const bool exact = sum == 0 || (std::fabs(quotient) > 0x1p-900 && std::fma(-quotient, n, sum) == 0);
  if (exact && output.narrow()) return expansion_of(output.round_double(quotient, index));
  ExactSum value;
  value.add(expansion_of(sum));
  return output.round_quotient(value, divisor, index);
}

}  // namespace halfulp::sim
