#include "linear_kernels.hpp"

namespace halfulp {
namespace {

template <typename Visit>
void for_each_output(const LinearMap& map, Visit&& visit) {
  for (std::int64_t g = 0; g < map.groups; ++g) {
    for (std::int64_t m = 0; m < map.channels; ++m) {
      for (std::int64_t p = 0; p < map.positions; ++p) visit(g, g * map.channels + m, p);
    }
  }
}

MpInterval with_radius(double value, const std::vector<double>* radius, std::size_t at) {
  if (radius == nullptr || radius->empty()) return {value};
  return MpInterval(value) + MpInterval(-(*radius)[at], (*radius)[at]);
}

bool is_zero(const MpInterval& a) { return lower(a) == 0 && upper(a) == 0; }

}  // namespace

template <>
void apply<MpInterval>(const LinearMap& map, const Parameters& parameters, const MpInterval* x, MpInterval* y) {
  const bool exact = parameters.weight_radius == nullptr || parameters.weight_radius->empty();
  for_each_output(map, [&](std::int64_t g, std::int64_t channel, std::int64_t p) {
    MpInterval sum;
    if (parameters.bias != nullptr && !parameters.bias->empty()) {
      const auto at = static_cast<std::size_t>(channel);
      sum = with_radius((*parameters.bias)[at], parameters.bias_radius, at);
    }
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const std::int64_t input = map.input_of(g, k, p);
      const auto at = static_cast<std::size_t>(channel * map.depth + k);
      if (input < 0 || (exact && (*parameters.weight)[at] == 0)) continue;
      if (exact) {
        add_product(sum, x[input], (*parameters.weight)[at]);
      } else {
        add_product(sum, x[input], with_radius((*parameters.weight)[at], parameters.weight_radius, at));
      }
    }
    const std::uint32_t divisor = map.divisor_of(p);
    if (divisor != 1) sum = sum / MpInterval(static_cast<double>(divisor));
    y[map.output_pattern[static_cast<std::size_t>(p)] + channel * map.output_channel_stride] = sum;
  });
}

template <>
void apply_transposed<MpInterval>(const LinearMap& map, const Parameters& parameters, const MpInterval* g, MpInterval* result,
                                  std::int64_t rows) {
  const bool exact = parameters.weight_radius == nullptr || parameters.weight_radius->empty();
  for (std::int64_t row = 0; row < rows; ++row) {
    const MpInterval* from = g + row * map.outputs;
    MpInterval* to = result + row * map.inputs;
    for_each_output(map, [&](std::int64_t group, std::int64_t channel, std::int64_t p) {
      MpInterval value = from[map.output_pattern[static_cast<std::size_t>(p)] + channel * map.output_channel_stride];
      if (is_zero(value)) return;
      const std::uint32_t divisor = map.divisor_of(p);
      if (divisor != 1) value = value / MpInterval(static_cast<double>(divisor));
      for (std::int64_t k = 0; k < map.depth; ++k) {
        const std::int64_t input = map.input_of(group, k, p);
        const auto at = static_cast<std::size_t>(channel * map.depth + k);
        if (input < 0 || (exact && (*parameters.weight)[at] == 0)) continue;
        if (exact) {
          add_product(to[input], value, (*parameters.weight)[at]);
        } else {
          add_product(to[input], value, with_radius((*parameters.weight)[at], parameters.weight_radius, at));
        }
      }
    });
  }
}

}  // namespace halfulp
