#include "channel_sums.hpp"

namespace halfulp::sim {
namespace {

constexpr std::int64_t kFewChannels = 4;

}  // namespace

bool suits_channel_sums(const LinearMap& map, const DotRounding& rounding, const Values& weight, const Values& bias) {
  return map.channels >= kFewChannels && rounding.accumulator && rounding.accumulator.narrow() && !rounding.accumulator.stochastic() &&
         !rounding.product && rounding.order.kind == SummationOrder::Kind::kSequential && !weight.wide() && !bias.wide();
}

void sum_channels(const LinearMap& map, const DotRounding& rounding, const Values& weight, const Values& bias, std::int64_t g,
                  std::span<const std::size_t> term, std::span<const double> x, ChannelSums& out) {
  const auto channels = static_cast<std::size_t>(map.channels), depth = static_cast<std::size_t>(map.depth);
  const std::size_t first = static_cast<std::size_t>(g) * channels;
  const double* w = weight.doubles().data() + first * depth;
  out.valid.assign(channels, 1);
  out.sum.assign(channels, 0);
  for (std::size_t m = 0; m < channels && bias.size() != 0; ++m) out.sum[m] = bias.doubles()[first + m];
  for (std::size_t t = 0; t < term.size(); ++t) {
    for (std::size_t m = 0; m < channels; ++m) {
      const double a = out.sum[m], factor = w[m * depth + term[t]], b = factor * x[t];
      const bool product_exact =
          factor == 0 || x[t] == 0 || (std::fabs(b) >= 0x1p-900 && std::fma(factor, x[t], -b) == 0);
      const double sum = a + b, b_part = sum - a;
      const double error = (a - (sum - b_part)) + (b - b_part);  // TwoSum; NaN where something is not finite
      out.valid[m] = static_cast<char>(out.valid[m] & static_cast<char>(product_exact) & static_cast<char>(error == 0));
      out.sum[m] = sum + 0.0;
    }
    round_to(rounding.accumulator.format(), out.sum, out.sum);
  }
}

}  // namespace halfulp::sim
