// Sources, data movement, maxima and softmax.
#include <cmath>

#include "difference.hpp"
#include "group_error.hpp"

namespace halfulp {
namespace {

// What rounding does to a number that is known exactly: `nearest` and a rest that no double holds.
std::optional<RoundingEffect> known_effect(const Format& format, double nearest, const Interval& rest) {
  if (!fits_double(format) || format.rounding == RoundingMode::kStochastic) return std::nullopt;
  LongAccumulator low, high;
  for (LongAccumulator* end : {&low, &high}) end->add(nearest);
  low.add(rest.lo);
  high.add(rest.hi);
  const double rounded = round_exact(format, low).part[0];
  if (rounded != round_exact(format, high).part[0]) return std::nullopt;
  RoundingEffect effect{.error = Interval(rounded) - Interval(nearest) - rest, .after = Interval(rounded)};
  effect.overflow = nearest + rest.hi < lowest(format) || nearest + rest.lo > largest(format);
  return effect;
}

template <typename I>
double low(const NodeState<I>& x, std::int32_t m) {
  return std::min(lower(x.real[static_cast<std::size_t>(m)]), lower(x.deployed[static_cast<std::size_t>(m)]));
}
template <typename I>
double high(const NodeState<I>& x, std::int32_t m) {
  return std::max(upper(x.real[static_cast<std::size_t>(m)]), upper(x.deployed[static_cast<std::size_t>(m)]));
}

}  // namespace

template <typename I>
void Difference<I>::operator()(const GatherForm& form) {
  std::vector<const Interval*> flat;
  state_.grid = grid_of_operands();
  for (const NodeId operand : node_.operands) {
    for (const Interval& error : at(states_, operand).error) flat.push_back(&error);
  }
  std::vector<char> sharp;
  for (const NodeId operand : node_.operands) {
    const NodeState<I>& x = at(states_, operand);
    for (std::size_t i = 0; i < x.error.size(); ++i) sharp.push_back(x.sharp.empty() ? 0 : x.sharp[i]);
  }
  for (const std::int32_t source : form.source) {
    state_.sharp.push_back(source < 0 ? 1 : sharp[static_cast<std::size_t>(source)]);
    before_.push_back(source < 0 ? Interval(0) : *flat[static_cast<std::size_t>(source)]);
    if (source < 0 && form.fill != 0) state_.grid.held.reset();
    if (source < 0) state_.grid.lsb = std::min(state_.grid.lsb, lsb_exponent(form.fill));
  }
}

template <typename I>
void Difference<I>::operator()(const MaxForm& form) {
  const NodeState<I>& x = at(states_, node_.operands[0]);
  bool any_cut = false;
  for (std::size_t i = 0; i + 1 < form.first.size(); ++i) {
    const std::int32_t* first = form.members.data() + form.first[i];
    const std::int32_t* last = form.members.data() + form.first[i + 1];
    double floor = -HUGE_VAL;
    for (const std::int32_t* m = first; m != last; ++m) floor = std::max(floor, low(x, *m));
    std::vector<std::int32_t> candidates;
    for (const std::int32_t* m = first; m != last; ++m) {
      if (high(x, *m) >= floor) candidates.push_back(*m);
    }
    Interval error = x.error[static_cast<std::size_t>(candidates[0])];
    for (const std::int32_t m : candidates) error = hull(error, x.error[static_cast<std::size_t>(m)]);
    state_.chosen.push_back(candidates.size() == 1 ? candidates[0] : -1);
    state_.cut.push_back(candidates.size() == 1 ? Interval(0) : error);
    any_cut = any_cut || candidates.size() > 1;
    before_.push_back(error);
  }
  if (!any_cut) state_.cut.clear();
  state_.grid = x.grid;
}

// y_i(x^) - y_i(x) = grad y_i(xi) . d = y_i sum_j y_j (d_i - d_j), y within its values over the box of both.
template <typename I>
void Difference<I>::operator()(const SoftmaxForm& form) {
  const NodeState<I>& x = at(states_, node_.operands[0]);
  States<I> both(states_.size());
  NodeState<I>& operand = both[static_cast<std::size_t>(node_.operands[0])];
  for (std::size_t i = 0; i < x.real.size(); ++i) operand.real.push_back(hull(x.real[i], x.deployed[i]));
  state_.slope = forward_values(prepared_, both, id_, false);
  before_.assign(x.real.size(), Interval(0));
  const std::size_t length = static_cast<std::size_t>(form.length);
  for (std::size_t start = 0; start < form.members.size(); start += length) {
    for (std::size_t i = 0; i < length; ++i) {
      const auto own = static_cast<std::size_t>(form.members[start + i]);
      Interval sum(0);
      for (std::size_t j = 0; j < length; ++j) {
        const auto other = static_cast<std::size_t>(form.members[start + j]);
        if (i != j) sum += to_double(state_.slope[other]) * (x.error[own] - x.error[other]);
      }
      before_[own] = to_double(state_.slope[own]) * sum;
    }
  }
}

template <typename I>
ValueGrid Difference<I>::grid_of_operands() const {
  ValueGrid grid = at(states_, node_.operands[0]).grid;
  for (const NodeId operand : node_.operands) {
    const ValueGrid& other = at(states_, operand).grid;
    grid.lsb = std::min(grid.lsb, other.lsb);
    if (!(grid.held == other.held)) grid.held.reset();
  }
  return grid;
}

template <typename I>
void Difference<I>::source() {
  const bool constant = std::get<SourceForm>(node_.form).is_constant;
  const std::optional<Format> format = constant ? std::nullopt : formats_.input;
  state_.grid.lsb = std::numeric_limits<int>::max();
  if (!format) {
    state_.deployed = state_.real;
    state_.error.assign(state_.real.size(), Interval(0));
    for (const I& x : state_.real) {
      const bool point = lower(x) == upper(x) && state_.grid.lsb != ValueGrid::kUnknown;
      state_.grid.lsb = point ? std::min(state_.grid.lsb, lsb_exponent(lower(x))) : ValueGrid::kUnknown;
    }
    return;
  }
  state_.deployed.clear();
  for (const RoundingEffect& effect : input_effects(*format)) {
    state_.output_error.push_back(effect.error);
    note_gap(format, effect);
    state_.error.push_back(effect.error);
    state_.deployed.push_back(I(effect.after.lo, effect.after.hi));
    const bool point = effect.after.lo == effect.after.hi;
    state_.grid.lsb = std::min(state_.grid.lsb, point ? lsb_exponent(effect.after.lo) : lsb_exponent(*format));
  }
  state_.grid.held = format;
  drop_if_zero(state_.output_error);
}

template <typename I>
std::vector<RoundingEffect> Difference<I>::input_effects(const Format& format) {
  std::vector<Interval> ranges;
  for (const I& x : state_.real) ranges.push_back(to_double(x));
  if (is_grouped(format)) return group_effects(format, ranges, activation_layout((*prepared_.graph->graph)[id_].shape));
  RoundingRule rule(format, ValueGrid{});
  std::vector<RoundingEffect> effects;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    std::optional<RoundingEffect> known;
    if (ranges[i].lo == ranges[i].hi) known = known_effect(format, ranges[i].lo, 0);
    else if (const DecimalPoint* decimal = decimal_of(i)) known = known_effect(format, decimal->nearest, decimal->rest);
    effects.push_back(known ? *known : rule.effect(ranges[i]));
    if (effects[i].overflow) note_overflow(Role::kInput, format, ranges[i]);
  }
  return effects;
}

template <typename I>
const DecimalPoint* Difference<I>::decimal_of(std::size_t element) const {
  if (options_.decimals == nullptr) return nullptr;
  const auto& inputs = prepared_.graph->graph->inputs;
  const auto input = static_cast<std::size_t>(std::find(inputs.begin(), inputs.end(), id_) - inputs.begin());
  if (input >= options_.decimals->size() || (*options_.decimals)[input].empty()) return nullptr;
  const auto& point = (*options_.decimals)[input][element];
  return point ? &*point : nullptr;
}

template class Difference<Interval>;
template class Difference<MpInterval>;

}  // namespace halfulp
