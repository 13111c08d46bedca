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
class GroupMatrices {
 public:
  GroupMatrices(const LinearMap& map, const NodeRun& run) : map_(map), run_(run), right_(static_cast<std::size_t>(map.positions * map.depth)) {}

  Matrices of(std::int64_t g) {
    const auto channels = static_cast<std::size_t>(map_.channels), depth = static_cast<std::size_t>(map_.depth);
    const auto positions = static_cast<std::size_t>(map_.positions), first = static_cast<std::size_t>(g) * channels;
    const auto x = run_.operand().doubles();
    const std::int64_t offset = g * map_.input_group_stride;
    for (std::size_t i = 0; i < right_.size(); ++i) {
      const std::int32_t from = map_.input_pattern[i];
      right_[i] = from < 0 ? 0.0 : x[static_cast<std::size_t>(from + offset)];
    }
    Matrices m{.shape = {channels, positions, depth}, .a = {run_.plan.weight.doubles().data() + first * depth, depth, 1},
               .b = {right_.data(), 1, positions}, .start = std::vector<double>(channels), .start_by_row = true};
    if (!map_.bias.empty()) {
      const auto bias = run_.plan.bias.doubles().subspan(first, channels);
      std::copy(bias.begin(), bias.end(), m.start.begin());
    }
    return m;
  }

 private:
  const LinearMap& map_;
  const NodeRun& run_;
  std::vector<double> right_;  // depth x positions
};

double accumulated(const Matrices& m, const DotRounding& rounding, std::size_t element) {
  const std::size_t i = element / m.shape.columns, j = element % m.shape.columns, depth = m.shape.depth;
  std::vector<double> left(depth), right(depth);
  for (std::size_t k = 0; k < depth; ++k) {
    left[k] = m.a(i, k);
    right[k] = m.b(j, k);
  }
  const Terms terms{{{left, {}, {}}}, {{right, {}, {}}}};
  return dot_product(terms, expansion_of(m.start_of(i, j)), 1, rounding, m.element_of(i, j)).part[0];
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
  GroupMatrices groups(map, run);
  const Operand a = examine(plan.weight.doubles()), b = examine(run.operand().doubles());
  for (std::int64_t g = 0; g < map.groups; ++g) {
    const Matrices m = groups.of(g);
    const auto left = accumulate_tiles(m, options, a, b, c);
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
