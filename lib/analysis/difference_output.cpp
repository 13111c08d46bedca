// What comes after a form's own part: sums' roundings, refinement by the adjoint, the output rounding.
#include <cmath>

#include "adjoint.hpp"
#include "difference.hpp"
#include "group_error.hpp"

namespace halfulp {
namespace {

int missing_bits(const Format& format, Interval needed) {
  if (format.family != FormatFamily::kFixed || !std::isfinite(needed.lo) || !std::isfinite(needed.hi)) return 0;
  int bits = 0;
  while ((needed.lo < lowest(format) || needed.hi > largest(format)) && bits < 2000) {
    if (!format.is_signed && needed.lo < 0) return 0;
    needed = needed * Interval(0.5);
    ++bits;
  }
  return bits;
}

}  // namespace

template <typename I>
void Difference<I>::add_accumulation(std::vector<I>& exact) {
  for (std::size_t i = 0; i < before_.size(); ++i) {
    Interval inner(0);
    if (!state_.product_error.empty()) inner += state_.product_error[i];
    if (!state_.accumulator_error.empty()) inner += state_.accumulator_error[i];
    if (inner.lo == 0 && inner.hi == 0) continue;
    before_[i] += inner;
    exact[i] += I(inner.lo, inner.hi);
  }
}

template <typename I>
void Difference<I>::refine() {
  if (options_.method == Method::kInterval) return;
  const bool mixes = std::holds_alternative<LinearForm>(node_.form) || std::holds_alternative<BinaryForm>(node_.form) ||
                     std::holds_alternative<DotForm>(node_.form);
  if (!mixes) return;
  std::vector<std::int64_t> elements;
  for (std::int64_t i = 0; i < node_.size; ++i) {
    if (wants_refinement(i)) elements.push_back(i);
  }
  const double work = 4 * static_cast<double>(elements.size()) * prepared_.work_above[static_cast<std::size_t>(id_)];
  if (elements.empty()) return;
  const bool direct = prepared_.direct[static_cast<std::size_t>(id_)];  // what came forward is what an adjoint pass would find
  if (!direct && !budget_.take(work)) return;
  state_.sharp.assign(static_cast<std::size_t>(node_.size), 0);
  if (direct) {
    for (const std::int64_t i : elements) state_.sharp[static_cast<std::size_t>(i)] = 1;
    return;
  }
  for (const auto& chunk : row_chunks(*prepared_.graph, elements)) {
    const auto bounds = difference_bounds(prepared_, states_, id_, unit_rows<I>(chunk, node_.size),
                                          static_cast<std::int64_t>(chunk.size()), false);
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      Interval& error = before_[static_cast<std::size_t>(chunk[row])];
      error = intersect(error, bounds[row]);
      state_.sharp[static_cast<std::size_t>(chunk[row])] = 1;
    }
  }
}

// All elements when every layer's bound is wanted, else those whose sign the difference leaves open.
template <typename I>
bool Difference<I>::wants_refinement(std::int64_t i) const {
  const Interval& error = before_[static_cast<std::size_t>(i)];
  if (error.lo == 0 && error.hi == 0) return false;
  if (options_.layer_errors) return true;
  const Interval value = to_double(state_.real[static_cast<std::size_t>(i)]) + error;
  const Interval both = hull(value, to_double(state_.real[static_cast<std::size_t>(i)]));
  return both.lo < 0 && both.hi > 0;
}

template <typename I>
void Difference<I>::finish(const std::vector<I>& exact) {
  std::vector<I> both;
  for (std::size_t i = 0; i < before_.size(); ++i) {
    both.push_back(intersect(state_.real[i] + I(before_[i].lo, before_[i].hi), exact[i]));
    state_.error.push_back(intersect(before_[i], to_double(both[i] - state_.real[i])));
  }
  if (!formats_.output) {
    state_.deployed = std::move(both);
    return;
  }
  bool overflow = false;
  const std::vector<RoundingEffect> effects = output_effects(both);
  for (std::size_t i = 0; i < both.size(); ++i) {
    const RoundingEffect& effect = effects[i];
    overflow = overflow || effect.overflow;
    state_.output_error.push_back(effect.error);
    note_gap(formats_.output, effect);
    state_.error[i] += effect.error;
    const bool unchanged = effect.error.lo == 0 && effect.error.hi == 0;
    state_.deployed.push_back(unchanged ? both[i] : intersect(both[i] + I(effect.error.lo, effect.error.hi), I(effect.after.lo, effect.after.hi)));
  }
  state_.grid = grid_after(*formats_.output, state_.grid, overflow);
  drop_if_zero(state_.output_error);
}

template <typename I>
std::vector<RoundingEffect> Difference<I>::output_effects(const std::vector<I>& exact) {
  const Format& format = *formats_.output;
  std::vector<Interval> ranges;
  for (const I& x : exact) ranges.push_back(to_double(x));
  if (is_grouped(format)) return group_effects(format, ranges, activation_layout((*prepared_.graph->graph)[id_].shape));
  RoundingRule rule(format, state_.grid);
  std::vector<RoundingEffect> effects;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    RoundingEffect effect = rule.effect(ranges[i]);
    if (!known_rounding_.empty() && !effect.overflow) effect.error = intersect(effect.error, known_rounding_[i]);
    if (effect.overflow) note_overflow(Role::kOutput, format, ranges[i]);
    effects.push_back(effect);
  }
  return effects;
}

template <typename I>
void Difference<I>::note_overflow(Role role, const Format& format, const Interval& needed) {
  for (OverflowPlace& place : overflows_) {
    if (place.node == id_ && place.role == role) {
      place.needed = hull(place.needed, needed);
      place.missing_bits = std::max(place.missing_bits, missing_bits(format, place.needed));
      return;
    }
  }
  overflows_.push_back({id_, role, needed, format.name, missing_bits(format, needed)});
}

template class Difference<Interval>;
template class Difference<MpInterval>;

}  // namespace halfulp
