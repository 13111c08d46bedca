// Differences between two nonlinear layers: y(c, p) = sum_j generator(c, j) z(j, p) + rest(c, p) with ||z||_2 <= norm over all j and
// positions p. Layers that mix channels at one position (1 x 1 convolutions), scale channels (batch norms) and add such differences
// keep this form exactly, where a scale a channel would lose how channels move together: the product of two layers' largest
// singular values is larger than that of their product.
#pragma once

#include <memory>

#include "scaled_norm.hpp"

namespace halfulp {

struct Generators {
  std::int64_t channels = 0, area = 0, columns = 0;
  std::vector<double> matrix;  // channels x columns
  double norm = 0;
  ScaledNorm rest;             // of channels x area elements

  double row_norm(std::int64_t channel) const;
};

// Whether the map mixes channels position by position; whether it scales each channel. The layout is channel by channel.
bool is_pointwise(const LinearMap& map);
bool is_channelwise(const LinearMap& map);

// y = W d + r at a pointwise map whose operand has scale `x` (no generators), |r_i| <= own[i]; `later` as in linear_norm.
std::shared_ptr<Generators> start_generators(const LinearMap& map, const ScaledNorm& x, const std::vector<double>& own,
                                             const std::vector<double>& later);
// The same from the operand's generators, at a pointwise or channelwise map. nullptr: not kept any further.
std::shared_ptr<Generators> pass_generators(const LinearMap& map, const Generators& x, const std::vector<double>& own,
                                            const std::vector<double>& later);
// The sum of two differences, and `own` added to it.
std::shared_ptr<Generators> add_generators(const Generators& a, const Generators& b, const std::vector<double>& own,
                                           const std::vector<double>& later);

// A scale of each channel, the size that its difference has if all of z were alike; and the norm in it. `map` and its operand's
// generators where y comes from them (a tall map need not be multiplied out), nullptr elsewhere.
ScaledNorm norm_of_generators(const Generators& y, const LinearMap* map, const Generators* operand);

// Lowers bounds of |y_i|.
void lower_by_generators(const Generators& y, std::vector<double>& bound);

}  // namespace halfulp
