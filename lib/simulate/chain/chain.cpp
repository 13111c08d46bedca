#include "chain.hpp"

#include <algorithm>
#include <cstring>

namespace halfulp::sim {
namespace {

constexpr std::size_t kBlock = 256;  // positions at a time: a multiple of every tile's columns, and room for one rounding call

std::size_t tiles_of(std::size_t n, std::size_t tile) { return (n + tile - 1) / tile; }

class ChainRun {
 public:
  ChainRun(const ChainPlan& chain, const Values& x, std::uint64_t seed, std::uint64_t sample)
      : chain_(chain), map_(*chain.map), tile_(chain.tile), seed_(seed), sample_(sample), depth_(static_cast<std::size_t>(map_.depth)),
        channels_(static_cast<std::size_t>(map_.channels)), x_(std::make_unique_for_overwrite<float[]>(x.size())),
        panel_(depth_ * kBlock), start_(tile_.rows * tile_.columns), sums_(tile_.rows * tile_.columns), rows_(tile_.rows * kBlock), spare_(kBlock),
        y_(static_cast<std::size_t>(map_.outputs)) {
    std::transform(x.doubles().begin(), x.doubles().end(), x_.get(), [](double value) { return static_cast<float>(value); });
  }

  std::vector<double> run() {
    const auto positions = static_cast<std::size_t>(map_.positions);
    for (std::size_t g = 0; g < static_cast<std::size_t>(map_.groups); ++g) {
      for (std::size_t p = 0; p < positions; p += kBlock) block(g, p, std::min(kBlock, positions - p));
    }
    return std::move(y_);
  }

 private:
  void block(std::size_t g, std::size_t p, std::size_t count) {
    pack(g, p, count);
    const std::size_t row_tiles = tiles_of(channels_, tile_.rows);
    const float* weights = chain_.weights.data() + g * row_tiles * tile_.rows * depth_;
    for (std::size_t t = 0; t < row_tiles; ++t, weights += tile_.rows * depth_) {
      const std::size_t first = t * tile_.rows, tall = std::min(tile_.rows, channels_ - first);
      multiply(weights, g * channels_ + first, tall, count);
      for (std::size_t r = 0; r < tall; ++r) finish(g * channels_ + first + r, p, count, rows_.data() + r * kBlock);
    }
  }

  // The operands of `count` positions, tile by tile: depth x tile columns.
  void pack(std::size_t g, std::size_t p, std::size_t count) {
    const std::size_t tiles = tiles_of(count, tile_.columns);
    const float* x = x_.get() + static_cast<std::ptrdiff_t>(g) * map_.input_group_stride;
    float row[kBlock] = {};
    for (std::size_t k = 0; k < depth_; ++k) {
      chain_.runs.gather(k, p, count, x, row);
      for (std::size_t t = 0; t < tiles; ++t) {
        std::memcpy(panel_.data() + (t * depth_ + k) * tile_.columns, row + t * tile_.columns, tile_.columns * sizeof(float));
      }
    }
  }

  void multiply(const float* weights, std::size_t channel, std::size_t tall, std::size_t count) {
    for (std::size_t r = 0; r < tall; ++r) std::fill_n(start_.data() + r * tile_.columns, tile_.columns, chain_.start[channel + r]);
    for (std::size_t t = 0; t < tiles_of(count, tile_.columns); ++t) {
      kernels::run_tile(kernels::TileJob<float>{.product = {}, .sum = {}, .depth = depth_, .block = 0, .a = weights, .b = panel_.data() + t * depth_ * tile_.columns,
                         .start = start_.data(), .c = sums_.data()});
      for (std::size_t r = 0; r < tall; ++r) {
        std::memcpy(rows_.data() + r * kBlock + t * tile_.columns, sums_.data() + r * tile_.columns, tile_.columns * sizeof(float));
      }
    }
  }

  void finish(std::size_t channel, std::size_t p, std::size_t count, float* x) {
    const auto first = static_cast<std::size_t>(map_.output_pattern[p]) + channel * static_cast<std::size_t>(map_.output_channel_stride);
    float* spare = spare_.data();
    for (const Stage& stage : chain_.stages) apply(stage, {channel, first, seed_, sample_, count}, x, spare);
    std::copy_n(x, count, y_.data() + first);
  }

  const ChainPlan& chain_;
  const LinearMap& map_;
  kernels::TileShape tile_;
  std::uint64_t seed_, sample_;
  std::size_t depth_, channels_;
  std::unique_ptr<float[]> x_;
  std::vector<float> panel_, start_, sums_, rows_, spare_;
  std::vector<double> y_;
};

}  // namespace

std::optional<Values> run_chain(const ChainPlan& chain, const Values& x, std::uint64_t seed, std::uint64_t sample) {
  const kernels::TileShape tile = kernels::tile_shape<float>();
  if (tile != chain.tile) return std::nullopt;
  return Values(ChainRun(chain, x, seed, sample).run());
}

}  // namespace halfulp::sim
