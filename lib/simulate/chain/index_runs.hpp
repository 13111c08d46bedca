// The operand indices of a linear map as runs of equal distance, so that im2col copies stretches instead of single values.
#pragma once

#include <cstdint>
#include <vector>

#include "halfulp/operators/linear_map.hpp"

namespace halfulp::sim {

class IndexRuns {
 public:
  IndexRuns() = default;
  explicit IndexRuns(const LinearMap& map);

  // out[i] = x[input_of(0, k, first + i)] for i < count, zero for padding.
  void gather(std::size_t k, std::size_t first, std::size_t count, const float* x, float* out) const;

 private:
  // Positions [first, first + count) read from, from + step, ...; from < 0 is padding.
  struct Run {
    std::int32_t first, count, from, step;
  };
  void append_row(const std::int32_t* pattern, std::int32_t positions);

  std::vector<Run> runs_;
  std::vector<std::size_t> begin_;  // of each k, and the end
};

}  // namespace halfulp::sim
