// Differences between the deployed and the real network at one node, and the perturbation that the node's roundings add.
#include <algorithm>
#include <cmath>

#include "adjoint.hpp"
#include "chord.hpp"
#include "dot_error.hpp"
#include "forward.hpp"

namespace halfulp {
namespace {

// Exact when rounding a point whose double value is known.
RoundingEffect point_effect(const Format& format, double x) {
  const double rounded = round_to(format, x);
  RoundingEffect effect{.error = Interval(rounded) - Interval(x), .after = Interval(rounded)};
  effect.overflow = x < lowest(format) || x > largest(format);
  return effect;
}

template <typename I>
class Difference {
 public:
  Difference(const Prepared& prepared, States<I>& states, NodeId id, std::vector<OverflowPlace>& overflows,
             const AnalyzeOptions& options, WorkBudget& budget)
      : prepared_(prepared), states_(states), id_(id), node_((*prepared.graph)[id]),
        formats_(prepared.formats[static_cast<std::size_t>(id)]), own_(prepared.nodes[static_cast<std::size_t>(id)]),
        state_(states[static_cast<std::size_t>(id)]), overflows_(overflows), options_(options), budget_(budget) {}

  void run() {
    if (std::holds_alternative<SourceForm>(node_.form)) return source();
    std::visit(*this, node_.form);  // fills before_, state_.grid and the perturbations before the output rounding
    std::vector<I> exact = forward_values(prepared_, states_, id_, true);
    add_accumulation(exact);
    refine();
    finish(exact);
  }

  void operator()(const SourceForm&) {}

  void operator()(const GatherForm& form) {
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

  void operator()(const LinearForm& form) {
    const NodeState<I>& x = at(states_, node_.operands[0]);
    const std::size_t size = static_cast<std::size_t>(node_.size);
    std::vector<I> passed(size, I(0.0)), residual(size, I(0.0)), error;
    for (const Interval& e : x.error) error.push_back(I(e.lo, e.hi));
    const Parameters real{&form.map.weight, &form.map.weight_radius, nullptr, nullptr};
    apply<I>(form.map, real, error.data(), passed.data());
    if (!own_.weight.exact || !own_.bias.exact) {
      const Parameters rest{&own_.weight.residual, &own_.weight.residual_radius, &own_.bias.residual, &own_.bias.residual_radius};
      apply<I>(form.map, rest, x.deployed.data(), residual.data());
    }
    for (std::size_t i = 0; i < size; ++i) before_.push_back(to_double(passed[i]) + to_double(residual[i]));
    linear_grid(form.map, x);
    note_scaling(form.map, x);
    if (formats_.product || formats_.accumulator) linear_dot_effects(form.map, x);
  }

  void operator()(const UnaryForm& form) {
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

  void operator()(const BinaryForm& form) {
    for (std::size_t i = 0; i < form.left.size(); ++i) {
      const Operand a = binary_operand(0, form.left_is_constant, static_cast<std::size_t>(form.left[i]));
      const Operand b = binary_operand(1, form.right_is_constant, static_cast<std::size_t>(form.right[i]));
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

  void operator()(const MaxForm& form) {
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
  void operator()(const SoftmaxForm& form) {
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

  void operator()(const DotForm& form) {
    const NodeState<I>& a = at(states_, node_.operands[0]);
    const NodeState<I>& b = at(states_, node_.operands[1]);
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
      if (formats_.product || formats_.accumulator) add_dot_effect(dot_effect(formats_, std::move(terms)), 1);
    }
    accumulated_grid();
  }

 private:
  struct Operand {
    I real, deployed;
    Interval error;
  };

  // A slope interval goes on to the operand as it is, or, where the operand's difference is sharply bounded, as one exact slope.
  void pass_on(const UnaryForm& form, double slope, const I& chords, const NodeState<I>& x, std::size_t i) {
    const Interval range = to_double(chords);
    const bool split = range.lo < range.hi && !x.sharp.empty() && x.sharp[i] != 0 && std::isfinite(magnitude(range));
    const SlopeSplit parts = split ? split_slope(form, slope, range, to_double(x.real[i]), x.error[i]) : SlopeSplit{};
    state_.slope.push_back(split ? I(parts.lambda) : chords);
    state_.cut.push_back(split ? parts.rest : Interval(0));
  }

  static int add_lsb(int a, int b) {
    const long long sum = static_cast<long long>(a) + b;
    return static_cast<int>(std::clamp<long long>(sum, std::numeric_limits<int>::min() + 1, std::numeric_limits<int>::max()));
  }

  static double low(const NodeState<I>& x, std::int32_t m) {
    return std::min(lower(x.real[static_cast<std::size_t>(m)]), lower(x.deployed[static_cast<std::size_t>(m)]));
  }
  static double high(const NodeState<I>& x, std::int32_t m) {
    return std::max(upper(x.real[static_cast<std::size_t>(m)]), upper(x.deployed[static_cast<std::size_t>(m)]));
  }

  Operand binary_operand(std::size_t index, bool constant, std::size_t element) const {
    const NodeState<I>& x = at(states_, node_.operands[index]);
    if (!constant) return {x.real[element], x.deployed[element], x.error[element]};
    const DeployedConstants& c = *constant_operand(prepared_, id_);
    const Interval deployed = c.deployed(element);
    return {x.real[element], I(deployed.lo, deployed.hi), c.difference(element)};
  }

  // A value of a float format times a power of two rounds to itself in that format, but for the last bit of a subnormal result.
  void note_scaling(const LinearMap& map, const NodeState<I>& x) {
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
    scaling_error_ = Interval(-last, last);
  }

  // ---- grids ---------------------------------------------------------------------------------------------------------

  ValueGrid grid_of_operands() const {
    ValueGrid grid = at(states_, node_.operands[0]).grid;
    for (const NodeId operand : node_.operands) {
      const ValueGrid& other = at(states_, operand).grid;
      grid.lsb = std::min(grid.lsb, other.lsb);
      if (!(grid.held == other.held)) grid.held.reset();
    }
    return grid;
  }

  void linear_grid(const LinearMap& map, const NodeState<I>& x) {
    if (x.grid.lsb == ValueGrid::kUnknown) return;
    product_lsb_ = add_lsb(own_.weight.lsb, x.grid.lsb);
    if (!map.divisor.empty()) return;
    state_.grid.lsb = own_.bias.empty() ? product_lsb_ : std::min(product_lsb_, own_.bias.lsb);
  }

  static ValueGrid unary_grid(const UnaryForm& form, const ValueGrid& x) {
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

  void binary_grid(const BinaryForm& form) {
    const DeployedConstants* constant = constant_operand(prepared_, id_);
    const int a = form.left_is_constant ? constant->lsb : at(states_, node_.operands[0]).grid.lsb;
    const int b = form.right_is_constant ? constant->lsb : at(states_, node_.operands[1]).grid.lsb;
    if (a == ValueGrid::kUnknown || b == ValueGrid::kUnknown || form.kind == BinaryKind::kDivide) return;
    state_.grid.lsb = form.kind == BinaryKind::kMultiply ? add_lsb(a, b) : std::min(a, b);
  }

  // ---- dot products ----------------------------------------------------------------------------------------------------

  void linear_dot_effects(const LinearMap& map, const NodeState<I>& x) {
    const auto size = static_cast<std::size_t>(node_.size);
    state_.product_error.assign(size, Interval(0));
    state_.accumulator_error.assign(size, Interval(0));
    for (std::int64_t g = 0; g < map.groups; ++g) {
      for (std::int64_t m = 0; m < map.channels; ++m) {
        for (std::int64_t p = 0; p < map.positions; ++p) {
          const auto output = static_cast<std::size_t>(map.output_of(g, m, p));
          const DotEffect effect = dot_effect(formats_, terms_of(map, x, g, m, p));
          const Interval divisor(static_cast<double>(map.divisor_of(p)));
          state_.product_error[output] = effect.product_error / divisor;
          state_.accumulator_error[output] = effect.accumulator_error / divisor;
          note_dot_overflow(effect);
        }
      }
    }
    if (map.divisor.empty()) accumulated_grid();
  }

  DotTerms terms_of(const LinearMap& map, const NodeState<I>& x, std::int64_t g, std::int64_t m, std::int64_t p) const {
    DotTerms terms;
    const std::int64_t channel = g * map.channels + m;
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const std::int64_t input = map.input_of(g, k, p);
      if (input < 0) continue;
      terms.products.push_back(own_.weight.deployed(static_cast<std::size_t>(channel * map.depth + k)) *
                               to_double(x.deployed[static_cast<std::size_t>(input)]));
    }
    terms.product_lsb = product_lsb_;
    terms.bias_lsb = std::numeric_limits<int>::max();
    if (!own_.bias.empty()) {
      terms.bias = own_.bias.deployed(static_cast<std::size_t>(channel));
      terms.bias_lsb = own_.bias.lsb;
    }
    return terms;
  }

  void add_dot_effect(const DotEffect& effect, std::uint32_t divisor) {
    state_.product_error.push_back(effect.product_error / Interval(static_cast<double>(divisor)));
    state_.accumulator_error.push_back(effect.accumulator_error / Interval(static_cast<double>(divisor)));
    note_dot_overflow(effect);
  }

  // Products (rounded or not) and the bias set the finest bit of a sum, unless a limit of a format was taken instead.
  void accumulated_grid() {
    if (formats_.product) state_.grid.lsb = std::min(state_.grid.lsb, lsb_exponent(*formats_.product));
    if (formats_.accumulator) state_.grid = grid_after(*formats_.accumulator, state_.grid, dot_overflow_);
    state_.grid.held.reset();
  }

  void note_dot_overflow(const DotEffect& effect) {
    dot_overflow_ = dot_overflow_ || effect.product_overflow || effect.accumulator_overflow;
    if (effect.product_overflow) note_overflow(Role::kProduct, *formats_.product, effect.product_range);
    if (effect.accumulator_overflow) note_overflow(Role::kAccumulator, *formats_.accumulator, effect.partial_range);
  }

  void add_accumulation(std::vector<I>& exact) {
    for (std::size_t i = 0; i < before_.size(); ++i) {
      Interval inner(0);
      if (!state_.product_error.empty()) inner += state_.product_error[i];
      if (!state_.accumulator_error.empty()) inner += state_.accumulator_error[i];
      if (inner.lo == 0 && inner.hi == 0) continue;
      before_[i] += inner;
      exact[i] += I(inner.lo, inner.hi);
    }
  }

  // ---- refinement by the adjoint ---------------------------------------------------------------------------------------

  void refine() {
    if (options_.method == Method::kInterval) return;
    const bool mixes = std::holds_alternative<LinearForm>(node_.form) || std::holds_alternative<BinaryForm>(node_.form) ||
                       std::holds_alternative<DotForm>(node_.form);
    if (!mixes) return;
    std::vector<std::int64_t> elements;
    for (std::int64_t i = 0; i < node_.size; ++i) {
      if (wants_refinement(i)) elements.push_back(i);
    }
    const double work = 4 * static_cast<double>(elements.size()) * prepared_.work_above[static_cast<std::size_t>(id_)];
    if (elements.empty() || !budget_.take(work)) return;
    state_.sharp.assign(static_cast<std::size_t>(node_.size), 0);
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
  bool wants_refinement(std::int64_t i) const {
    const Interval& error = before_[static_cast<std::size_t>(i)];
    if (error.lo == 0 && error.hi == 0) return false;
    if (options_.layer_errors) return true;
    const Interval value = to_double(state_.real[static_cast<std::size_t>(i)]) + error;
    const Interval both = hull(value, to_double(state_.real[static_cast<std::size_t>(i)]));
    return both.lo < 0 && both.hi > 0;
  }

  // ---- output rounding -------------------------------------------------------------------------------------------------

  void finish(const std::vector<I>& exact) {
    const std::optional<Format>& format = formats_.output;
    state_.error.reserve(before_.size());
    bool overflow = false;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      const I both = intersect(state_.real[i] + I(before_[i].lo, before_[i].hi), exact[i]);
      const Interval difference = intersect(before_[i], to_double(both - state_.real[i]));
      if (!format) {
        state_.deployed.push_back(both);
        state_.error.push_back(difference);
        continue;
      }
      RoundingEffect effect = rounding_effect(*format, to_double(both), state_.grid);
      if (scaling_error_ && !effect.overflow) effect.error = intersect(effect.error, *scaling_error_);
      if (effect.overflow) note_overflow(Role::kOutput, *format, to_double(both));
      overflow = overflow || effect.overflow;
      state_.output_error.push_back(effect.error);
      state_.error.push_back(difference + effect.error);
      const bool unchanged = effect.error.lo == 0 && effect.error.hi == 0;
      state_.deployed.push_back(unchanged ? both : intersect(both + I(effect.error.lo, effect.error.hi), I(effect.after.lo, effect.after.hi)));
    }
    if (!format) return;
    state_.grid = grid_after(*format, state_.grid, overflow);
    drop_if_zero(state_.output_error);
  }

  static void drop_if_zero(std::vector<Interval>& errors) {
    if (std::all_of(errors.begin(), errors.end(), [](const Interval& e) { return e.lo == 0 && e.hi == 0; })) errors.clear();
  }

  void note_overflow(Role role, const Format& format, const Interval& needed) {
    for (OverflowPlace& place : overflows_) {
      if (place.node == id_ && place.role == role) {
        place.needed = hull(place.needed, needed);
        place.missing_bits = std::max(place.missing_bits, missing_bits(format, place.needed));
        return;
      }
    }
    overflows_.push_back({id_, role, needed, format.name, missing_bits(format, needed)});
  }

  static int missing_bits(const Format& format, Interval needed) {
    if (format.family != FormatFamily::kFixed || !std::isfinite(needed.lo) || !std::isfinite(needed.hi)) return 0;
    int bits = 0;
    while ((needed.lo < lowest(format) || needed.hi > largest(format)) && bits < 2000) {
      if (!format.is_signed && needed.lo < 0) return 0;
      needed = needed * Interval(0.5);
      ++bits;
    }
    return bits;
  }

  void source() {
    state_.deployed.clear();
    const bool constant = std::get<SourceForm>(node_.form).is_constant;
    const std::optional<Format> format = constant ? std::nullopt : formats_.input;
    int lsb = std::numeric_limits<int>::max();
    for (const I& value : state_.real) {
      const Interval range = to_double(value);
      const bool point = range.lo == range.hi;
      if (!format) {
        state_.deployed.push_back(value);
        state_.error.push_back(Interval(0));
        lsb = point && lsb != ValueGrid::kUnknown ? std::min(lsb, lsb_exponent(range.lo)) : ValueGrid::kUnknown;
        continue;
      }
      const bool known = point && fits_double(*format) && format->rounding != RoundingMode::kStochastic;
      const RoundingEffect effect = known ? point_effect(*format, range.lo) : rounding_effect(*format, range, ValueGrid{});
      if (effect.overflow) note_overflow(Role::kInput, *format, range);
      state_.output_error.push_back(effect.error);
      state_.error.push_back(effect.error);
      state_.deployed.push_back(I(effect.after.lo, effect.after.hi));
      lsb = known ? std::min(lsb, lsb_exponent(effect.after.lo)) : std::min(lsb, lsb_exponent(*format));
    }
    state_.grid.lsb = lsb;
    state_.grid.held = format;
    drop_if_zero(state_.output_error);
  }

  const Prepared& prepared_;
  States<I>& states_;
  NodeId id_;
  const LoweredNode& node_;
  const NodeFormats& formats_;
  const PreparedNode& own_;
  NodeState<I>& state_;
  std::vector<OverflowPlace>& overflows_;
  const AnalyzeOptions& options_;
  WorkBudget& budget_;
  std::vector<Interval> before_;      // difference before the output rounding
  int product_lsb_ = ValueGrid::kUnknown;
  bool dot_overflow_ = false;
  std::optional<Interval> scaling_error_;
};

}  // namespace

template <typename I>
void fill_difference(const Prepared& prepared, States<I>& states, NodeId id, std::vector<OverflowPlace>& overflows,
                     const AnalyzeOptions& options, WorkBudget& budget) {
  Difference<I>(prepared, states, id, overflows, options, budget).run();
}

template void fill_difference(const Prepared&, States<Interval>&, NodeId, std::vector<OverflowPlace>&, const AnalyzeOptions&,
                              WorkBudget&);
template void fill_difference(const Prepared&, States<MpInterval>&, NodeId, std::vector<OverflowPlace>&, const AnalyzeOptions&,
                              WorkBudget&);

}  // namespace halfulp
