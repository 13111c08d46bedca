#include "index_runs.hpp"

#include <algorithm>
#include <cstring>

namespace halfulp::sim {

IndexRuns::IndexRuns(const LinearMap& map) {
  const auto positions = static_cast<std::int32_t>(map.positions);
  for (std::int64_t k = 0; k < map.depth; ++k) {
    begin_.push_back(runs_.size());
    append_row(map.input_pattern.data() + k * map.positions, positions);
  }
  begin_.push_back(runs_.size());
}

void IndexRuns::append_row(const std::int32_t* pattern, std::int32_t positions) {
  for (std::int32_t p = 0; p < positions;) {
    Run run{p, 1, pattern[p], 0};
    const bool padding = run.from < 0;
    if (p + 1 < positions && !padding && pattern[p + 1] >= 0) run.step = pattern[p + 1] - pattern[p];
    const auto goes_on = [&](std::int32_t q) {
      return padding ? pattern[q] < 0 : pattern[q] >= 0 && pattern[q] - pattern[q - 1] == run.step;
    };
    for (++p; p < positions && goes_on(p); ++p) ++run.count;
    runs_.push_back(run);
  }
}

void IndexRuns::gather(std::size_t k, std::size_t first, std::size_t count, const float* x, float* out) const {
  const auto low = static_cast<std::int32_t>(first), high = static_cast<std::int32_t>(first + count);
  const auto end = runs_.begin() + static_cast<std::ptrdiff_t>(begin_[k + 1]);
  auto run = std::upper_bound(runs_.begin() + static_cast<std::ptrdiff_t>(begin_[k]), end, low,
                              [](std::int32_t p, const Run& r) { return p < r.first + r.count; });
  for (; run != end && run->first < high; ++run) {
    const std::int32_t begin = std::max(run->first, low), stop = std::min(run->first + run->count, high);
    const auto length = static_cast<std::size_t>(stop - begin);
    float* to = out + (begin - low);
    if (run->from < 0) {
      std::fill_n(to, length, 0.0f);
      continue;
    }
    const float* from = x + run->from + static_cast<std::ptrdiff_t>(begin - run->first) * run->step;
    if (run->step == 1) {
      std::memcpy(to, from, length * sizeof(float));
    } else {
      for (std::size_t i = 0; i < length; ++i) to[i] = from[static_cast<std::ptrdiff_t>(i) * run->step];
    }
  }
}

}  // namespace halfulp::sim
