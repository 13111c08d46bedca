#include "windows.hpp"

#include <algorithm>
#include <cmath>

#include "codes.hpp"

namespace halfulp::emit_detail {
namespace {

std::vector<double> rounded(const Format& format, const std::vector<double>& values) {
  std::vector<double> r;
  r.reserve(values.size());
  for (const double x : values) r.push_back(value_of(round_value(format, x)));
  return r;
}

// The smallest t with sum <= 2^t for every output channel: sum of |bias| + sum_k |weight| 2^x_top (products exact), or
// |bias| + K 2^product_top. The doubles' own rounding is covered by the factor.
int exact_sum_top(const LinearMap& map, const LinearConstants& constants, int x_top, const std::optional<Format>& product) {
  double worst = 0;
  for (std::int64_t c = 0; c < map.groups * map.channels; ++c) {
    double sum = 0;
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const double w = std::fabs(constants.weight[static_cast<std::size_t>(c * map.depth + k)]);
      sum += product ? std::ldexp(1.0, extent_of(*product).top) : std::ldexp(w, x_top);
    }
    if (!constants.bias.empty()) sum += std::fabs(constants.bias[static_cast<std::size_t>(c)]);
    worst = std::max(worst, sum);
  }
  return worst == 0 ? 0 : std::ilogb(worst * (1 + 1e-6)) + 1;
}

int quotient_guard(const Format& output, int window_lsb) {
  if (output.family == FormatFamily::kFixed) return std::max(0, window_lsb + output.fraction_bits) + 1;
  return output.stored_significand_bits + 2 + 32;
}

}  // namespace

Window window_of(int lsb, int top) { return {lsb, std::max(2, top - lsb + 2)}; }

Window sum_window(const Extent& a, const Extent& b) {
  const Extent all = hull_of(a, b);
  return window_of(all.lsb, all.top + 1);
}

LinearConstants linear_constants(const Network& network, NodeId id) {
  const LinearMap& map = std::get<LinearForm>(network.form(id).form).map;
  const NodeFormats& roles = network.roles(id);
  LinearConstants r;
  const bool stored = map.has_stored_weights && roles.weight;
  r.weight_format = stored ? *roles.weight : exact_fixed(extent_of(map.weight));
  r.weight = stored ? rounded(*roles.weight, map.weight) : map.weight;
  if (map.bias.empty()) return r;
  r.bias_format = roles.bias ? *roles.bias : exact_fixed(extent_of(map.bias));
  r.bias = roles.bias ? rounded(*roles.bias, map.bias) : map.bias;
  return r;
}

bool divides(const LinearMap& map) {
  return std::any_of(map.divisor.begin(), map.divisor.end(), [](std::uint32_t n) { return n != 1; });
}

LinearWidths linear_widths(const Network& network, NodeId id) {
  const LoweredNode& node = network.form(id);
  const LinearMap& map = std::get<LinearForm>(node.form).map;
  const NodeFormats& roles = network.roles(id);
  const LinearConstants constants = linear_constants(network, id);
  const Extent x = extent_of(network.value_format(node.operands[0]));
  const Extent term = roles.product ? extent_of(*roles.product) : product_of(x, extent_of(constants.weight_format));
  Extent all = term;
  if (constants.bias_format) all = hull_of(all, extent_of(*constants.bias_format));
  if (roles.accumulator) all = hull_of(all, extent_of(*roles.accumulator));
  LinearWidths r;
  r.sum_top = roles.accumulator ? all.top + 1 : exact_sum_top(map, constants, x.top, roles.product);
  r.window = window_of(all.lsb, r.sum_top);
  if (divides(map) && roles.output) {
    r.quotient_guard = quotient_guard(*roles.output, r.window.lsb);
    r.quotient_bits = r.window.bits + r.quotient_guard + 1;
  }
  return r;
}

}  // namespace halfulp::emit_detail
