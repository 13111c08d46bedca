// Linear maps and products of two matrices: residuals of rounded constants, and roundings inside the dot products.
#include <cmath>

#include "difference.hpp"

namespace halfulp {

template <typename I>
void Difference<I>::operator()(const LinearForm& form) {
  const NodeState<I>& x = at(states_, node_.operands[0]);
  const std::size_t size = static_cast<std::size_t>(node_.size);
  std::vector<I> passed(size, I(0.0)), residual(size, I(0.0));
  if (!all_zero(x.error)) {
    std::vector<I> error;
    for (const Interval& e : x.error) error.push_back(I(e.lo, e.hi));
    const Parameters real{&form.map.weight, &form.map.weight_radius, nullptr, nullptr};
    apply<I>(form.map, real, error.data(), passed.data());
  }
  if (!own_.weight.exact || !own_.bias.exact) {
    const Parameters rest{&own_.weight.residual, &own_.weight.residual_radius, &own_.bias.residual, &own_.bias.residual_radius};
    apply<I>(form.map, rest, x.deployed.data(), residual.data());
  }
  for (std::size_t i = 0; i < size; ++i) before_.push_back(to_double(passed[i]) + to_double(residual[i]));
  linear_grid(form.map, x);
  note_scaling(form.map, x);
  note_shift(form.map, x);
  if (formats_.product || formats_.accumulator) linear_dot_effects(form.map, x);
}

template <typename I>
void Difference<I>::operator()(const DotForm& form) {
  const NodeState<I>& a = at(states_, node_.operands[0]);
  const NodeState<I>& b = at(states_, node_.operands[1]);
  const bool rounded = formats_.product || formats_.accumulator;
  if (rounded) start_dot_effects();
  every_sum_rounded_ = form.depth > 0;
  for (std::int64_t i = 0; i < node_.size; ++i) {
    const std::int64_t batch = i / (form.rows * form.columns);
    const std::int64_t left = (batch * form.rows + i / form.columns % form.rows) * form.depth;
    const std::int64_t right = (batch * form.columns + i % form.columns) * form.depth;
    Interval error(0);
    DotTerms terms;
    for (std::int64_t k = 0; k < form.depth; ++k) {
      const auto l = static_cast<std::size_t>(form.left[static_cast<std::size_t>(left + k)]);
      const auto r = static_cast<std::size_t>(form.right[static_cast<std::size_t>(right + k)]);
      error += to_double(b.deployed[r]) * a.error[l] + to_double(a.real[l]) * b.error[r];
      terms.products.push_back(to_double(a.deployed[l]) * to_double(b.deployed[r]));
    }
    terms.bias_lsb = std::numeric_limits<int>::max();
    if (a.grid.lsb != ValueGrid::kUnknown && b.grid.lsb != ValueGrid::kUnknown) terms.product_lsb = add_lsb(a.grid.lsb, b.grid.lsb);
    before_.push_back(error);
    state_.grid.lsb = terms.product_lsb;
    if (rounded) note_dot_effect(static_cast<std::size_t>(i), dot_effect(formats_, std::move(terms)), Interval(1));
  }
  accumulated_grid();
}

// A value of a float format times a power of two rounds to itself in that format, but for the last bit of a subnormal result.
template <typename I>
void Difference<I>::note_scaling(const LinearMap& map, const NodeState<I>& x) {
  const bool one_product = map.depth == 1 && map.divisor.empty() && !formats_.product && !formats_.accumulator;
  if (!one_product || !formats_.output || !x.grid.held || formats_.output->family != FormatFamily::kFloat) return;
  if (!is_exact_on(*formats_.output, {.lsb = ValueGrid::kUnknown, .held = x.grid.held})) return;
  for (const double b : own_.bias.value) {
    if (b != 0) return;
  }
  bool shrinks = false;
  for (std::size_t i = 0; i < own_.weight.value.size(); ++i) {
    int exponent = 0;
    if (own_.weight.deployed(i).lo != own_.weight.deployed(i).hi) return;
    if (std::fabs(std::frexp(own_.weight.value[i], &exponent)) != 0.5 && own_.weight.value[i] != 0) return;
    shrinks = shrinks || exponent < 1;
  }
  const double last = shrinks ? smallest_positive(*formats_.output) : 0.0;
  known_rounding_.assign(static_cast<std::size_t>(node_.size), Interval(-last, last));
}

// x + b with x a value of the output's format: the sum is no farther from its rounding than b is long.
template <typename I>
void Difference<I>::note_shift(const LinearMap& map, const NodeState<I>& x) {
  const bool one_term = map.depth == 1 && map.divisor.empty() && !formats_.product && !formats_.accumulator && !own_.bias.empty();
  if (!one_term || !formats_.output || !known_rounding_.empty()) return;
  if (!x.grid.held || !is_exact_on(*formats_.output, {.held = x.grid.held})) return;
  const bool ones = std::all_of(own_.weight.value.begin(), own_.weight.value.end(), [](double w) { return w == 1; });
  if (!ones || !own_.weight.exact) return;
  known_rounding_.assign(static_cast<std::size_t>(node_.size), Interval(-HUGE_VAL, HUGE_VAL));
  for (std::int64_t g = 0; g < map.groups; ++g) {
    for (std::int64_t m = 0; m < map.channels; ++m) {
      const double length = magnitude(own_.bias.deployed(static_cast<std::size_t>(g * map.channels + m)));
      for (std::int64_t p = 0; p < map.positions; ++p) {
        Interval& known = known_rounding_[static_cast<std::size_t>(map.output_of(g, m, p))];
        known = near_candidate(*formats_.output, known, length);
      }
    }
  }
}

template <typename I>
void Difference<I>::linear_grid(const LinearMap& map, const NodeState<I>& x) {
  if (x.grid.lsb == ValueGrid::kUnknown) return;
  product_lsb_ = add_lsb(own_.weight.lsb, x.grid.lsb);
  if (!map.divisor.empty()) return;
  state_.grid.lsb = own_.bias.empty() ? product_lsb_ : std::min(product_lsb_, own_.bias.lsb);
}

template class Difference<Interval>;
template class Difference<MpInterval>;

}  // namespace halfulp
