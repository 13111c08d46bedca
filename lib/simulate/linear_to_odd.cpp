#include "../formats/kernels/gemm_affine.hpp"
#include "finish.hpp"
#include "gemm/panel_plan.hpp"
#include "plan.hpp"

namespace halfulp::sim {
namespace {

constexpr int kReach = 400;  // exponents of what affine_to_odd takes

bool is_moderate(const ValueGrid& grid) {
  return grid.lsb == INT_MAX || (grid.lsb >= -kReach && grid.bound < std::ldexp(1.0, kReach));
}

bool is_consecutive(const std::vector<std::int32_t>& pattern) {
  for (std::size_t p = 1; p < pattern.size(); ++p) {
    if (pattern[p] != pattern[p - 1] + 1) return false;
  }
  return !pattern.empty() && pattern[0] >= 0;
}

// One product a sum: batch norm, scalings.
std::optional<std::vector<double>> scale_channels(const LinearMap& map, const NodeRun& run) {
  if (map.depth != 1 || !is_consecutive(map.input_pattern) || !is_consecutive(map.output_pattern)) return std::nullopt;
  std::vector<double> y(static_cast<std::size_t>(map.outputs));
  const auto positions = static_cast<std::size_t>(map.positions);
  for (std::int64_t channel = 0; channel < map.groups * map.channels; ++channel) {
    const auto m = static_cast<std::size_t>(channel);
    const double bias = map.bias.empty() ? 0.0 : run.plan.bias.doubles()[m];
    const double* from = run.operand().doubles().data() + map.input_of(channel / map.channels, 0, 0);
    kernels::affine_to_odd(run.plan.weight.doubles()[m], from, bias, y.data() + map.output_of(0, channel, 0), positions);
  }
  return y;
}

}  // namespace

Outcome run_linear_to_odd(const LinearMap& map, const NodeRun& run, const ValueGrid& x) {
  const NodePlan& plan = run.plan;
  if (run.formats.product || run.formats.accumulator || !run.formats.output || !map.divisor.empty()) return std::nullopt;
  if (plan.weight.wide() || plan.bias.wide() || run.operand().wide() || !plan.weight_grid || !plan.bias_grid) return std::nullopt;
  if (!is_moderate(x) || !is_moderate(*plan.weight_grid) || !is_moderate(*plan.bias_grid)) return std::nullopt;
  const bool keeps_odd = plan.group_output.has_value();
  if (!keeps_odd && !suits_rounding_to_odd(*run.formats.output, std::ldexp(1.0, 2 * kReach + 64))) return std::nullopt;
  auto sums = scale_channels(map, run);
  if (!sums && plan.in_units) sums = run_in_units(*plan.in_units, run.operand(), plan.bias.doubles());
  if (!sums) return std::nullopt;
  return keeps_odd ? Values(*std::move(sums)) : finish(*std::move(sums), run.rounder(RoleIndex::kOutput));
}

}  // namespace halfulp::sim
