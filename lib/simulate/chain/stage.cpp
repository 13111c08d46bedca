#include "stage.hpp"

#include <utility>

namespace halfulp::sim {
namespace {

// A product that is -0 loses its sign by the addition, as an exact sum does.
void scale(const Stage& stage, const StageRow& row, float* x) {
  const float factor = stage.factor[row.channel], offset = stage.offset[row.channel];
  for (std::size_t i = 0; i < row.count; ++i) x[i] = offset + factor * x[i];
}

void clamp(const Stage& stage, const StageRow& row, float* x) {
  const float low = stage.low, high = stage.high;
  for (std::size_t i = 0; i < row.count; ++i) {
    const float raised = x[i] < low ? low : x[i];
    x[i] = raised > high ? high : raised;
  }
}

}  // namespace

void apply(const Stage& stage, const StageRow& row, float*& x, float*& spare) {
  switch (stage.kind) {
    case Stage::Kind::kScale: return scale(stage, row, x);
    case Stage::Kind::kClamp: return clamp(stage, row, x);
    case Stage::Kind::kRound: break;
  }
  const std::uint64_t stream = stream_of({row.seed, row.sample, stage.node}, RoleIndex::kOutput);
  kernels::round_elements(kernels::ElementJob<float>{*stage.plan, x, {row.seed, stream, row.first_element}, spare, row.count, false});
  std::swap(x, spare);
}

}  // namespace halfulp::sim
