// Roundings inside the dot products of a linear map: where formats allow, eight output channels of one position at a time.
#include <cmath>

#include "difference.hpp"

namespace halfulp {
template <typename I>
void Difference<I>::start_dot_effects() {
  state_.product_error.assign(static_cast<std::size_t>(node_.size), Interval(0));
  state_.accumulator_error.assign(static_cast<std::size_t>(node_.size), Interval(0));
  if (keeps_gaps(formats_.product)) state_.product_square.assign(static_cast<std::size_t>(node_.size), 0);
  if (keeps_gaps(formats_.accumulator)) state_.accumulator_square.assign(static_cast<std::size_t>(node_.size), 0);
}

template <typename I>
void Difference<I>::linear_dot_effects(const LinearMap& map, const NodeState<I>& x) {
  start_dot_effects();
  const std::vector<Interval> deployed = to_doubles(x.deployed);
  const auto lanes = lane_dots();
  for (std::int64_t p = 0; p < map.positions; ++p) {
    const Window window = window_of(map, p);
    every_sum_rounded_ = every_sum_rounded_ && !window.terms.empty();
    for (std::int64_t first = 0; first < map.groups * map.channels; first += kLanes) {
      const std::int64_t last = std::min(first + kLanes, map.groups * map.channels);
      const LaneEffect known = lanes ? dots_of(*lanes, map, window, deployed, first) : LaneEffect{};
      for (std::int64_t channel = first; channel < last; ++channel) {
        const auto lane = static_cast<std::size_t>(channel - first);
        const bool done = lanes && known.fits[lane];
        note_dot_effect(static_cast<std::size_t>(map.output_pattern[static_cast<std::size_t>(p)] + channel * map.output_channel_stride),
                        done ? effect_of(known, lane) : dot_effect(formats_, terms_of(map, window, deployed, channel)),
                        Interval(static_cast<double>(map.divisor_of(p))));
      }
    }
  }
  if (map.divisor.empty()) accumulated_grid();
}

// Eight sums of exact products of known weights, or nullopt where the formats have no such rules.
template <typename I>
std::optional<LaneDots> Difference<I>::lane_dots() const {
  if (!own_.weight.value_radius.empty() || keeps_gaps(formats_.product) || keeps_gaps(formats_.accumulator)) return std::nullopt;
  ValueGrid grid{.lsb = product_lsb_, .held = std::nullopt};
  LaneDots dots{.product = std::nullopt, .accumulator = {}, .rounded_sums = formats_.accumulator.has_value(), .order = formats_.order};
  if (formats_.product) {
    dots.product = lane_rounding(&*formats_.product, grid);
    if (!dots.product) return std::nullopt;
    grid = {.lsb = grid_after(*formats_.product, grid, false).lsb, .held = std::nullopt};
  }
  if (grid.lsb != ValueGrid::kUnknown && !own_.bias.empty()) grid.lsb = std::min(grid.lsb, own_.bias.lsb);
  const auto accumulator = lane_rounding(formats_.accumulator ? &*formats_.accumulator : nullptr, grid);
  if (!accumulator) return std::nullopt;
  dots.accumulator = *accumulator;
  return dots;
}

template <typename I>
LaneEffect Difference<I>::dots_of(const LaneDots& dots, const LinearMap& map, const Window& window, const std::vector<Interval>& deployed,
                                  std::int64_t first) {
  LaneFactors factors{.terms = &window.terms, .elements = &window.inputs, .open = is_held(formats_.product) ? 0.0 : HUGE_VAL};
  Pack start{};
  const bool held = is_held(formats_.bias);
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const std::int64_t channel = std::min(first + lane, map.groups * map.channels - 1);
    factors.rows[lane] = own_.weight.value.data() + channel * map.depth;
    factors.inputs[lane] = deployed.data() + channel / map.channels * map.input_group_stride;
    const Interval bias = own_.bias.empty() ? Interval(0) : own_.bias.deployed(static_cast<std::size_t>(channel));
    start.hi[lane] = bias.hi;
    start.neg_lo[lane] = -bias.lo;
    start.open[lane] = held || (bias.lo == 0 && bias.hi == 0) ? 0.0 : HUGE_VAL;
  }
  return lane_effect(dots, start, factors, lane_products_);
}

// Whether the values of the format are values of the accumulator's.
template <typename I>
bool Difference<I>::is_held(const std::optional<Format>& format) const {
  return formats_.accumulator && format && is_exact_on(*formats_.accumulator, {.held = format});
}

template <typename I>
DotEffect Difference<I>::effect_of(const LaneEffect& known, std::size_t lane) {
  DotEffect effect;
  effect.product_error = {-known.product_error.neg_lo[lane], known.product_error.hi[lane]};
  effect.accumulator_error = {-known.accumulator_error.neg_lo[lane], known.accumulator_error.hi[lane]};
  return effect;
}

template <typename I>
typename Difference<I>::Window Difference<I>::window_of(const LinearMap& map, std::int64_t p) {
  Window window;
  for (std::int64_t k = 0; k < map.depth; ++k) {
    const std::int64_t input = map.input_of(0, k, p);
    if (input < 0) continue;
    window.terms.push_back(k);
    window.inputs.push_back(input);
  }
  return window;
}

template <typename I>
DotTerms Difference<I>::terms_of(const LinearMap& map, const Window& window, const std::vector<Interval>& deployed, std::int64_t channel) const {
  DotTerms terms;
  const Interval* inputs = deployed.data() + channel / map.channels * map.input_group_stride;
  for (std::size_t i = 0; i < window.terms.size(); ++i) {
    terms.products.push_back(own_.weight.deployed(static_cast<std::size_t>(channel * map.depth + window.terms[i])) * inputs[window.inputs[i]]);
  }
  terms.product_lsb = product_lsb_;
  terms.bias_lsb = std::numeric_limits<int>::max();
  if (!own_.bias.empty()) {
    terms.bias = own_.bias.deployed(static_cast<std::size_t>(channel));
    terms.bias_lsb = own_.bias.lsb;
    terms.bias_held = formats_.bias;
  }
  return terms;
}

template <typename I>
void Difference<I>::note_dot_effect(std::size_t output, const DotEffect& effect, const Interval& divisor) {
  state_.product_error[output] = effect.product_error / divisor;
  state_.accumulator_error[output] = effect.accumulator_error / divisor;
  note_squares(output, effect, divisor);
  dot_overflow_ = dot_overflow_ || effect.product_overflow || effect.accumulator_overflow;
  if (effect.product_overflow) note_overflow(Role::kProduct, *formats_.product, effect.product_range);
  if (effect.accumulator_overflow) note_overflow(Role::kAccumulator, *formats_.accumulator, effect.partial_range);
}

template <typename I>
void Difference<I>::note_squares(std::size_t output, const DotEffect& effect, const Interval& divisor) {
  const Interval square = divisor * divisor;
  if (keeps_gaps(formats_.product) && !effect.product_overflow) state_.product_square[output] = (Interval(effect.product_square) / square).hi;
  if (keeps_gaps(formats_.accumulator) && !effect.accumulator_overflow) {
    state_.accumulator_square[output] = (Interval(effect.accumulator_square) / square).hi;
  }
}

// Products (rounded or not) and the bias set the finest bit of a sum, unless a limit of a format was taken instead.
template <typename I>
void Difference<I>::accumulated_grid() {
  if (formats_.product) state_.grid.lsb = std::min(state_.grid.lsb, lsb_exponent(*formats_.product));
  if (formats_.accumulator) state_.grid = grid_after(*formats_.accumulator, state_.grid, dot_overflow_);
  if (!every_sum_rounded_) state_.grid.held.reset();
}

template class Difference<Interval>;
template class Difference<MpInterval>;

}  // namespace halfulp
