// Sequential accumulation of all output channels at one position side by side, in double: the general path's common case.
#pragma once

#include "accumulate.hpp"
#include "halfulp/operators/linear_map.hpp"

namespace halfulp::sim {

// Whether the formats and the order allow it; single additions may still fall out.
bool suits_channel_sums(const LinearMap& map, const DotRounding& rounding, const Values& weight, const Values& bias);

struct ChannelSums {
  std::vector<double> sum;
  std::vector<char> valid;  // false: a product or an addition was not exact in double; the channel is to be summed alone
};

// Channels of group g over the terms term[t] (index in the map's depth) with operands x[t].
void sum_channels(const LinearMap& map, const DotRounding& rounding, const Values& weight, const Values& bias, std::int64_t g,
                  std::span<const std::size_t> term, std::span<const double> x, ChannelSums& out);

}  // namespace halfulp::sim
