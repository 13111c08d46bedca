#include "chain.hpp"

#include <algorithm>
#include <cstring>

#include "../../formats/kernels/gemm_affine.hpp"

namespace halfulp::sim {
namespace {

constexpr std::size_t kBlock = 256;  // positions at a time: a multiple of every tile's columns, and room for one rounding call

std::size_t tiles_of(std::size_t n, std::size_t tile) { return (n + tile - 1) / tile; }

// finish(channel, first element, count, sums) for stretches of every channel, of the operand x.
template <class Finish>
class ChainRun {
 public:
  ChainRun(const ChainPlan& chain, const float* x, const Finish& finish)
      : chain_(chain), map_(*chain.map), tile_(chain.tile), finish_(finish), x_(x), depth_(static_cast<std::size_t>(map_.depth)),
        channels_(static_cast<std::size_t>(map_.channels)),
        panel_(depth_ * kBlock), start_(tile_.rows * tile_.columns), sums_(tile_.rows * tile_.columns), rows_(tile_.rows * kBlock) {}

  void run() {
    const auto positions = static_cast<std::size_t>(map_.positions);
    for (std::size_t g = 0; g < static_cast<std::size_t>(map_.groups); ++g) {
      for (std::size_t p = 0; p < positions; p += kBlock) block(g, p, std::min(kBlock, positions - p));
    }
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
    const float* x = x_ + static_cast<std::ptrdiff_t>(g) * map_.input_group_stride;
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

  void finish(std::size_t channel, std::size_t p, std::size_t count, float* sums) {
    const auto first = static_cast<std::size_t>(map_.output_pattern[p]) + channel * static_cast<std::size_t>(map_.output_channel_stride);
    finish_(channel, first, count, sums);
  }

  const ChainPlan& chain_;
  const LinearMap& map_;
  kernels::TileShape tile_;
  const Finish& finish_;
  const float* x_;
  std::size_t depth_, channels_;
  std::vector<float> panel_, start_, sums_, rows_;
};

bool has_tiles(const ChainPlan& chain) { return kernels::tile_shape<float>() == chain.tile; }

using Floats = std::unique_ptr<float[]>;

// x / unit, if all of that are integers.
Floats in_units(std::span<const double> x, double unit) {
  constexpr double kRound = 0x1.8p52;
  Floats result = std::make_unique_for_overwrite<float[]>(x.size());
  const double per_unit = 1 / unit;
  bool exact = true;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double units = (x[i] * per_unit + kRound) - kRound;
    exact &= units * unit == x[i];
    result[i] = static_cast<float>(units);
  }
  return exact ? std::move(result) : nullptr;
}

}  // namespace

std::optional<Values> run_chain(const ChainPlan& chain, const Values& x, std::uint64_t seed, std::uint64_t sample) {
  if (!has_tiles(chain)) return std::nullopt;
  const Floats operand = std::make_unique_for_overwrite<float[]>(x.size());
  std::transform(x.doubles().begin(), x.doubles().end(), operand.get(), [](double value) { return static_cast<float>(value); });
  std::vector<double> y(static_cast<std::size_t>(chain.map->outputs));
  std::vector<float> room(kBlock);
  const auto finish = [&](std::size_t channel, std::size_t first, std::size_t count, float* sums) {
    float* spare = room.data();
    for (const Stage& stage : chain.stages) apply(stage, {channel, first, seed, sample, count}, sums, spare);
    std::copy_n(sums, count, y.data() + first);
  };
  ChainRun(chain, operand.get(), finish).run();
  return Values(std::move(y));
}

std::optional<std::vector<double>> run_in_units(const UnitPlan& plan, const Values& x, std::span<const double> bias) {
  constexpr double kExact = 0x1p24;
  if (!has_tiles(plan.chain) || x.wide() || x.unit() == 0 || plan.row_units * x.most_units() > kExact) return std::nullopt;
  const Floats operand = in_units(x.doubles(), x.unit());
  if (!operand) return std::nullopt;
  const double unit = plan.unit * x.unit();
  std::vector<double> y(static_cast<std::size_t>(plan.chain.map->outputs)), wide(kBlock);
  const auto finish = [&](std::size_t channel, std::size_t first, std::size_t count, const float* sums) {
    std::copy_n(sums, count, wide.data());
    kernels::affine_to_odd(unit, wide.data(), bias.empty() ? 0.0 : bias[channel], y.data() + first, count);
  };
  ChainRun(plan.chain, operand.get(), finish).run();
  return y;
}

}  // namespace halfulp::sim
