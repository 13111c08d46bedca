#include "linear.hpp"

namespace halfulp::certificate {
namespace {

// visit(group, channel, position, output element)
template <typename Visit>
void each_output(const LinearMap& map, Visit&& visit) {
  for (std::int64_t g = 0; g < map.groups; ++g) {
    for (std::int64_t m = 0; m < map.channels; ++m) {
      for (std::int64_t p = 0; p < map.positions; ++p) {
        visit(g, static_cast<std::size_t>(g * map.channels + m), p, static_cast<std::size_t>(map.output_of(g, m, p)));
      }
    }
  }
}

M divided(const LinearMap& map, std::int64_t p, const M& x) {
  return map.divisor_of(p) == 1 ? x : x / M(static_cast<double>(map.divisor_of(p)));
}

}  // namespace

std::vector<M> apply(const LinearMap& map, const std::vector<M>& weight, const std::vector<M>& bias, const std::vector<M>& x) {
  std::vector<M> y(static_cast<std::size_t>(map.outputs));
  each_output(map, [&](std::int64_t g, std::size_t channel, std::int64_t p, std::size_t output) {
    M sum = bias.empty() ? M(0.0) : bias[channel];
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const std::int64_t input = map.input_of(g, k, p);
      const M& w = weight[channel * static_cast<std::size_t>(map.depth) + static_cast<std::size_t>(k)];
      if (input < 0 || is_zero(w) || is_zero(x[static_cast<std::size_t>(input)])) continue;
      add_product(sum, w, x[static_cast<std::size_t>(input)]);
    }
    y[output] = divided(map, p, sum);
  });
  return y;
}

void apply_transposed(const LinearMap& map, const std::vector<M>& weight, const std::vector<M>& g, std::vector<M>& result) {
  each_output(map, [&](std::int64_t group, std::size_t channel, std::int64_t p, std::size_t output) {
    if (is_zero(g[output])) return;
    const M share = divided(map, p, g[output]);
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const std::int64_t input = map.input_of(group, k, p);
      const M& w = weight[channel * static_cast<std::size_t>(map.depth) + static_cast<std::size_t>(k)];
      if (input >= 0 && !is_zero(w)) add_product(result[static_cast<std::size_t>(input)], share, w);
    }
  });
}

M dot_bias(const LinearMap& map, const std::vector<M>& bias, const std::vector<M>& g) {
  M sum(0.0);
  if (bias.empty()) return sum;
  each_output(map, [&](std::int64_t, std::size_t channel, std::int64_t p, std::size_t output) {
    if (!is_zero(g[output])) add_product(sum, divided(map, p, g[output]), bias[channel]);
  });
  return sum;
}

}  // namespace halfulp::certificate
