// What happens to a finished sum before it is written: roundings, a factor and an offset a channel, limits. Values stay float32;
// the plan has proved that they are exact.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "../../formats/kernels/element_plan.hpp"
#include "../rounder.hpp"

namespace halfulp::sim {

struct Stage {
  enum class Kind : std::uint8_t { kRound, kScale, kClamp } kind = Kind::kRound;
  NodeId node = 0;                                   // whose `output` is rounded
  std::optional<kernels::ElementPlan<float>> plan;   // kRound
  std::vector<float> factor, offset;                 // kScale: one a channel
  float low = 0, high = 0;                           // kClamp
};

// Some consecutive elements of one channel, at most kMaxElements of the kernels.
struct StageRow {
  std::size_t channel = 0;
  std::uint64_t first_element = 0;
  std::uint64_t seed = 0, sample = 0;
  std::size_t count = 0;
};

// Values in `x`, which is given back with the results; `spare` is as long.
void apply(const Stage& stage, const StageRow& row, float*& x, float*& spare);

}  // namespace halfulp::sim
