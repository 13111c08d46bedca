// Element-wise functions of one and of two values.
#include <cmath>

#include "chord.hpp"
#include "difference.hpp"

namespace halfulp {
namespace {

ValueGrid unary_grid(const UnaryForm& form, const ValueGrid& x) {
  switch (form.kind) {
    case UnaryKind::kRelu: return x;
    case UnaryKind::kNeg:
    case UnaryKind::kAbs: {
      const bool symmetric = x.held && x.held->family == FormatFamily::kFloat;
      return {.lsb = x.lsb, .held = symmetric ? x.held : std::nullopt};
    }
    case UnaryKind::kHardtanh:
      if (x.lsb == ValueGrid::kUnknown) return {};
      return {.lsb = std::min({x.lsb, lsb_exponent(form.low), lsb_exponent(form.high)}), .held = std::nullopt};
    default: return {};
  }
}

// -b is a value of the format with b: needed where b is subtracted.
bool symmetric(BinaryKind kind, const Format& format) { return kind == BinaryKind::kAdd || format.family == FormatFamily::kFloat; }

// Of a o b for two doubles, where the format is deterministic and its values are doubles.
Interval point_rounding_error(const Format& format, BinaryKind kind, double a, double b) {
  const Interval unknown(-HUGE_VAL, HUGE_VAL);
  if (!fits_double(format) || format.rounding == RoundingMode::kStochastic || kind == BinaryKind::kDivide) return unknown;
  LongAccumulator exact;
  if (kind == BinaryKind::kMultiply) exact.add_product(a, b);
  else exact.add_product(a, 1);
  if (kind == BinaryKind::kAdd || kind == BinaryKind::kSubtract) exact.add_product(b, kind == BinaryKind::kAdd ? 1 : -1);
  if (overflows(format, exact)) return unknown;
  return rounding_error_of(format, exact);
}

}  // namespace

template <typename I>
void Difference<I>::operator()(const UnaryForm& form) {
  const NodeState<I>& x = at(states_, node_.operands[0]);
  for (std::size_t i = 0; i < x.real.size(); ++i) {
    const double slope = form.slope.empty() ? 0.0 : slope_of(form, i);
    const I chords = chord_slopes(form, slope, x.real[i], x.deployed[i]);
    Interval error = to_double(chords * I(x.error[i].lo, x.error[i].hi));
    pass_on(form, slope, chords, x, i);
    if (!own_.weight.exact && !form.slope.empty()) {
      const std::size_t s = form.slope.size() == 1 ? 0 : i;
      const Interval part = own_.weight.difference(s) * to_double(min(x.deployed[i], I(0.0)));
      state_.constant_error.push_back(part);
      error += part;
    }
    before_.push_back(error);
  }
  state_.grid = unary_grid(form, x.grid);
  drop_if_zero(state_.cut);
  state_.sharp = x.sharp;
}

template <typename I>
void Difference<I>::operator()(const BinaryForm& form) {
  for (std::size_t i = 0; i < form.left.size(); ++i) {
    const Operand a = binary_operand(0, form.left_is_constant, static_cast<std::size_t>(form.left[i]));
    const Operand b = binary_operand(1, form.right_is_constant, static_cast<std::size_t>(form.right[i]));
    note_known_rounding(form.kind, a, b);
    I left(1.0), right(form.kind == BinaryKind::kSubtract ? -1.0 : 1.0);
    if (form.kind == BinaryKind::kMultiply) {
      left = b.deployed;
      right = a.real;
    } else if (form.kind == BinaryKind::kDivide) {
      left = I(1.0) / b.deployed;
      right = -(a.real / b.real) / b.deployed;
    }
    const Interval from_left = to_double(left * I(a.error.lo, a.error.hi)), from_right = to_double(right * I(b.error.lo, b.error.hi));
    before_.push_back(from_left + from_right);
    if (form.left_is_constant) state_.constant_error.push_back(from_left);
    if (form.right_is_constant) state_.constant_error.push_back(from_right);
    state_.slope.push_back(left);
    state_.slope_right.push_back(right);
  }
  binary_grid(form);
}

// A slope interval goes on to the operand as it is, or, where the operand's difference is sharply bounded, as one exact slope.
template <typename I>
void Difference<I>::pass_on(const UnaryForm& form, double slope, const I& chords, const NodeState<I>& x, std::size_t i) {
  const Interval range = to_double(chords);
  const bool split = range.lo < range.hi && !x.sharp.empty() && x.sharp[i] != 0 && std::isfinite(magnitude(range));
  const SlopeSplit parts = split ? split_slope(form, slope, range, to_double(x.real[i]), x.error[i]) : SlopeSplit{};
  state_.slope.push_back(split ? I(parts.lambda) : chords);
  state_.cut.push_back(split ? parts.rest : Interval(0));
}

template <typename I>
typename Difference<I>::Operand Difference<I>::binary_operand(std::size_t index, bool constant, std::size_t element) const {
  const NodeState<I>& x = at(states_, node_.operands[index]);
  if (!constant) return {x.real[element], x.deployed[element], x.error[element], x.grid.held};
  const DeployedConstants& c = *constant_operand(prepared_, id_);
  const Interval deployed = c.deployed(element);
  return {x.real[element], I(deployed.lo, deployed.hi), c.difference(element), std::nullopt};
}

// Two numbers known exactly round to a number known exactly; and a sum is no farther from its rounding than from an operand that
// is itself a value of the format.
template <typename I>
void Difference<I>::note_known_rounding(BinaryKind kind, const Operand& a, const Operand& b) {
  if (!formats_.output) return;
  const Format& format = *formats_.output;
  const Interval x = to_double(a.deployed), y = to_double(b.deployed);
  Interval known(-HUGE_VAL, HUGE_VAL);
  if (x.lo == x.hi && y.lo == y.hi) known = point_rounding_error(format, kind, x.lo, y.lo);
  if (kind == BinaryKind::kAdd || kind == BinaryKind::kSubtract) {
    if (a.held && is_exact_on(format, {.held = a.held})) known = near_candidate(format, known, magnitude(y));
    if (b.held && is_exact_on(format, {.held = b.held}) && symmetric(kind, format)) known = near_candidate(format, known, magnitude(x));
  }
  known_rounding_.push_back(known);
}

template <typename I>
void Difference<I>::binary_grid(const BinaryForm& form) {
  const DeployedConstants* constant = constant_operand(prepared_, id_);
  const int a = form.left_is_constant ? constant->lsb : at(states_, node_.operands[0]).grid.lsb;
  const int b = form.right_is_constant ? constant->lsb : at(states_, node_.operands[1]).grid.lsb;
  if (a == ValueGrid::kUnknown || b == ValueGrid::kUnknown || form.kind == BinaryKind::kDivide) return;
  state_.grid.lsb = form.kind == BinaryKind::kMultiply ? add_lsb(a, b) : std::min(a, b);
}

template class Difference<Interval>;
template class Difference<MpInterval>;

}  // namespace halfulp
