#include "matrix_product.hpp"
#include "plan.hpp"

namespace halfulp::sim {
namespace {

constexpr std::size_t kMaxProducts = 48;  // more products of matrices cost more than the general path
constexpr int kFewestBits = 6;

// W_i x_j for all chunks i, j; empty if one of them is not exact.
std::vector<std::vector<double>> products(const LinearMap& map, const std::vector<Chunk>& weights, const std::vector<Chunk>& x) {
  std::vector<std::vector<double>> result;
  for (const Chunk& w : weights) {
    for (const Chunk& part : x) {
      if (!sums_are_doubles({w.grid.lsb + part.grid.lsb, w.row_sum * part.grid.bound})) return {};
      result.emplace_back(static_cast<std::size_t>(map.outputs));
      multiply(map, w.values, {}, part.values, result.back());
    }
  }
  return result;
}

Values finished(const LinearMap& map, const NodeRun& run, const std::vector<std::vector<double>>& parts) {
  const Rounder output = run.rounder(RoleIndex::kOutput), accumulator = run.rounder(RoleIndex::kAccumulator);
  Values result(static_cast<std::size_t>(map.outputs));
  ExactSum sum;
  for (std::int64_t channel = 0; channel < map.groups * map.channels; ++channel) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const auto element = static_cast<std::size_t>(map.output_of(0, channel, p));
      sum.clear();
      if (!map.bias.empty()) sum.add(run.plan.bias[static_cast<std::size_t>(channel)]);
      for (const auto& part : parts) sum.add(expansion_of(part[element]));
      result.set(element, output ? output.round_quotient(sum, map.divisor_of(p), element) : accumulator.round(sum, 0));
    }
  }
  return result;
}

}  // namespace

Outcome run_linear_in_chunks(const LinearMap& map, const NodeRun& run, const ValueGrid& x) {
  const auto& weights = run.plan.weight_chunks;
  if (weights.empty() || x.lsb == INT_MAX || !can_split(x) || !run.plan.bias_grid) return std::nullopt;
  if (!roles_are_transparent(run.plan, run.formats, x)) return std::nullopt;
  const int bits = operand_bits(weights);
  if (bits < kFewestBits) return std::nullopt;
  const std::vector<Chunk> operand = split(run.operand().view(), x, bits);
  if (weights.size() * operand.size() > kMaxProducts) return std::nullopt;
  const auto parts = products(map, weights, operand);
  if (parts.empty()) return std::nullopt;
  return finished(map, run, parts);
}

}  // namespace halfulp::sim
