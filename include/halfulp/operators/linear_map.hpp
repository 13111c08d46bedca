// Every linear operator (dense, convolution, batch norm, average pooling, mean, sum, scaling, adding a constant) in one form, the
// matrix product that im2col makes of it. For group g, output channel m of the group and position p:
//
//   y[output_of(g, m, p)] = ( bias[g M + m] + sum_k weight[(g M + m) K + k] * x[input_of(g, k, p)] ) / divisor[p]
//
// Terms with input_of(...) < 0 are padding: they are skipped, in the real and in the deployed network. The index k runs in the
// deployed summation order: channel last, that is kernel row, kernel column, channel with the channel fastest.
#pragma once

#include <cstdint>
#include <vector>

namespace halfulp {

struct LinearMap {
  std::int64_t groups = 1;
  std::int64_t channels = 1;    // M: output channels a group
  std::int64_t depth = 1;       // K: dot-product length
  std::int64_t positions = 1;   // P
  std::int64_t inputs = 0;      // elements of x
  std::int64_t outputs = 0;     // elements of y = groups * channels * positions

  std::vector<std::int32_t> input_pattern;   // K x P; -1 = padding
  std::int64_t input_group_stride = 0;       // input_of(g,k,p) = input_pattern[k P + p] + g * input_group_stride
  std::vector<std::int32_t> output_pattern;  // P
  std::int64_t output_channel_stride = 1;    // output_of(g,m,p) = output_pattern[p] + (g M + m) * output_channel_stride

  std::vector<double> weight;         // groups x M x K
  std::vector<double> weight_radius;  // |real weight - weight| <= radius; empty: weights are exactly the real ones
  std::vector<double> bias;           // groups x M, or empty
  std::vector<double> bias_radius;    // empty: exact
  bool has_stored_weights = true;     // false: weights are structural ones (mean, add): not rounded, not stored
  std::vector<std::uint32_t> divisor; // P, or empty = 1

  std::int64_t input_of(std::int64_t g, std::int64_t k, std::int64_t p) const {
    const std::int32_t pattern = input_pattern[static_cast<std::size_t>(k * positions + p)];
    return pattern < 0 ? -1 : pattern + g * input_group_stride;
  }
  std::int64_t output_of(std::int64_t g, std::int64_t m, std::int64_t p) const {
    return output_pattern[static_cast<std::size_t>(p)] + (g * channels + m) * output_channel_stride;
  }
  std::uint32_t divisor_of(std::int64_t p) const {
    return divisor.empty() ? 1 : divisor[static_cast<std::size_t>(p)];
  }
};

}  // namespace halfulp
