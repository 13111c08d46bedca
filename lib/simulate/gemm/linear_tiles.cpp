#include "linear_tiles.hpp"

#include <algorithm>

#include "../finish.hpp"
#include "tiles.hpp"

namespace halfulp::sim {
namespace {

bool has_padding(const LinearMap& map) {
  return std::any_of(map.input_pattern.begin(), map.input_pattern.end(), [](std::int32_t i) { return i < 0; });
}

// Channels are rows and positions are columns, which fill the vectors. Padding becomes zeros: adding one changes no sum.
Matrices group_matrices(const LinearMap& map, const NodeRun& run, std::int64_t g) {
  const auto channels = static_cast<std::size_t>(map.channels), depth = static_cast<std::size_t>(map.depth);
  const auto positions = static_cast<std::size_t>(map.positions), first = static_cast<std::size_t>(g) * channels;
  const auto weights = run.plan.weight.doubles().subspan(first * depth, channels * depth);
  Matrices m{.shape = {channels, positions, depth}, .a = {weights.begin(), weights.end()}, .b = std::vector<double>(positions * depth),
             .start = std::vector<double>(channels), .start_by_row = true};
  const auto x = run.operand().doubles();
  for (std::size_t k = 0; k < depth; ++k) {
    for (std::size_t p = 0; p < positions; ++p) {
      const std::int64_t i = map.input_of(g, static_cast<std::int64_t>(k), static_cast<std::int64_t>(p));
      if (i >= 0) m.b[p * depth + k] = x[static_cast<std::size_t>(i)];
    }
  }
  if (!map.bias.empty()) {
    const auto bias = run.plan.bias.doubles().subspan(first, channels);
    std::copy(bias.begin(), bias.end(), m.start.begin());
  }
  return m;
}

double accumulated(const Matrices& m, const DotRounding& rounding, std::size_t element) {
  const std::size_t i = element / m.shape.columns, j = element % m.shape.columns, depth = m.shape.depth;
  const Terms terms{{{std::span(m.a).subspan(i * depth, depth), {}, {}}}, {{std::span(m.b).subspan(j * depth, depth), {}, {}}}};
  return dot_product(terms, expansion_of(m.start_of(i, j)), 1, rounding, element).part[0];
}

Values finished(const LinearMap& map, std::vector<double> sums, const Rounder& output) {
  if (map.divisor.empty() || !output) return finish(std::move(sums), output);
  std::vector<std::uint32_t> divisor(sums.size());
  for (std::int64_t g = 0; g < map.groups; ++g) {
    for (std::int64_t c = 0; c < map.channels; ++c) {
      for (std::int64_t p = 0; p < map.positions; ++p) divisor[static_cast<std::size_t>(map.output_of(g, c, p))] = map.divisor_of(p);
    }
  }
  return finish_divided(sums, output, [&](std::size_t i) { return divisor[i]; });
}

}  // namespace

std::optional<Values> run_linear_in_tiles(const LinearMap& map, const NodeRun& run) {
  const NodePlan& plan = run.plan;
  if (plan.weight.wide() || plan.bias.wide() || run.operand().wide()) return std::nullopt;
  const GemmOptions options{.product = run.formats.product, .accumulator = run.formats.accumulator, .order = run.formats.order};
  if (options.order.kind != SummationOrder::Kind::kSequential && has_padding(map)) return std::nullopt;
  DotRounding rounding = run.dot_rounding(static_cast<std::uint64_t>(map.depth));
  rounding.output = {};
  std::vector<double> sums(static_cast<std::size_t>(map.outputs));
  std::vector<double> c(static_cast<std::size_t>(map.channels * map.positions));
  for (std::int64_t g = 0; g < map.groups; ++g) {
    const Matrices m = group_matrices(map, run, g);
    const auto left = accumulate_tiles(m, options, c);
    if (!left) return std::nullopt;
    for (const std::size_t element : *left) c[element] = accumulated(m, rounding, element);
    for (std::int64_t channel = 0; channel < map.channels; ++channel) {
      for (std::int64_t p = 0; p < map.positions; ++p) {
        sums[static_cast<std::size_t>(map.output_of(g, channel, p))] = c[static_cast<std::size_t>(channel * map.positions + p)];
      }
    }
  }
  return finished(map, std::move(sums), run.rounder(RoleIndex::kOutput));
}

}  // namespace halfulp::sim
