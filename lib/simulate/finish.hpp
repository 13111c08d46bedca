// The last rounding of dot products whose sums are known exactly as doubles.
#pragma once

#include "accumulate.hpp"

namespace halfulp::sim {

// Values sums[i] / divisor(i) rounded to `output`; the sums themselves without a format (every divisor is then 1).
template <typename DivisorOf>
Values finish_divided(std::span<const double> sums, const Rounder& output, const DivisorOf& divisor_of);
Values finish(std::vector<double> sums, const Rounder& output);

// sum / divisor rounded to `output`, as element `index`.
Expansion finish_quotient(double sum, std::uint64_t divisor, const Rounder& output, std::uint64_t index);

template <typename DivisorOf>
Values finish_divided(std::span<const double> sums, const Rounder& output, const DivisorOf& divisor_of) {
  Values result(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) result.set(i, finish_quotient(sums[i], divisor_of(i), output, i));
  return result;
}

}  // namespace halfulp::sim
