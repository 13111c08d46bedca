#include "linear_side_by_side.hpp"

#include <algorithm>
#include <cmath>

#include "../finish.hpp"
#include "halfulp/formats/round.hpp"
#include "side_by_side.hpp"

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
    m.first_element = static_cast<std::uint64_t>(map_.output_of(g, 0, 0));
    m.element_row = static_cast<std::uint64_t>(map_.output_channel_stride);
    if (positions > 1) m.element_column = static_cast<std::uint64_t>(map_.output_pattern[1] - map_.output_pattern[0]);
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

bool draws(const std::optional<Format>& format) { return format && format->rounding == RoundingMode::kStochastic; }

bool are_apart_evenly(const std::vector<std::int32_t>& pattern) {
  for (std::size_t p = 2; p < pattern.size(); ++p) {
    if (pattern[p] - pattern[p - 1] != pattern[1] - pattern[0]) return false;
  }
  return true;
}

// Absent terms may be zeros: adding one leaves every partial sum alone, and no random word has to be skipped.
bool allows_zero_terms(const NodeFormats& formats, std::span<const double> starts) {
  if (formats.order.kind != SummationOrder::Kind::kSequential || draws(formats.accumulator) || draws(formats.product)) return false;
  const Format& sum = *formats.accumulator;
  if (!sum.has_zero || (formats.product && !formats.product->has_zero) || !fits_double(sum)) return false;
  return std::all_of(starts.begin(), starts.end(), [&](double x) { return round_to(sum, x) == x && !(x == 0 && std::signbit(x)); });
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

std::optional<Values> run_linear_side_by_side(const LinearMap& map, const NodeRun& run) {
  const NodePlan& plan = run.plan;
  if (plan.weight.wide() || plan.bias.wide() || run.operand().wide() || !run.formats.accumulator) return std::nullopt;
  if (has_padding(map) && !allows_zero_terms(run.formats, plan.bias.doubles())) return std::nullopt;
  const bool draws_words = draws(run.formats.accumulator) || draws(run.formats.product);
  if (draws_words && !are_apart_evenly(map.output_pattern)) return std::nullopt;
  const GemmOptions options{.product = run.formats.product, .accumulator = run.formats.accumulator, .order = run.formats.order,
                            .seed = run.key.seed, .stream = stream_of(run.key, RoleIndex{})};
  DotRounding rounding = run.dot_rounding(static_cast<std::uint64_t>(map.depth));
  rounding.output = {};
  std::vector<double> sums(static_cast<std::size_t>(map.outputs));
  std::vector<double> c(static_cast<std::size_t>(map.channels * map.positions));
  GroupMatrices groups(map, run);
  const Operand a = examine(plan.weight.doubles()), b = examine(run.operand().doubles());
  for (std::int64_t g = 0; g < map.groups; ++g) {
    if (!accumulate_somehow(groups.of(g), options, rounding, a, b, c)) return std::nullopt;
    for (std::int64_t channel = 0; channel < map.channels; ++channel) {
      for (std::int64_t p = 0; p < map.positions; ++p) {
        sums[static_cast<std::size_t>(map.output_of(g, channel, p))] = c[static_cast<std::size_t>(channel * map.positions + p)];
      }
    }
  }
  return finished(map, std::move(sums), run.rounder(RoleIndex::kOutput));
}

}  // namespace halfulp::sim
