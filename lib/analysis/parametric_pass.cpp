#include "parametric_pass.hpp"

#include <algorithm>
#include <cmath>

#include "chord.hpp"
#include "difference_norms.hpp"
#include "unary_rules.hpp"

namespace halfulp {
namespace {

constexpr double kSharper = 0.25;  // of the bound by row sums

Interval symmetric(double radius) { return {-radius, radius}; }

// NaN (infinity times zero) is no bound.
double bound_of(const Interval& x) {
  const double m = magnitude(x);
  return m >= 0 ? m : HUGE_VAL;
}

class Pass {
 public:
  Pass(const Prepared& open, const RealRanges& ranges, const ParametricSettings& settings)
      : open_(open), ranges_(ranges), settings_(settings), u0_(std::ldexp(1.0, -settings.p)), budget_{settings.work_limit},
        norms_(*open.graph) {}

  States<Interval> run() {
    const std::size_t count = open_.graph->nodes.size();
    states_.resize(count);
    held_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      if (open_.needed[i]) fill(static_cast<NodeId>(i));
    }
    return std::move(states_);
  }

  void operator()(const SourceForm& form) {
    for (const Interval& x : state_->real) {
      const bool fits = x.lo == x.hi && significand_bits(x.lo) <= settings_.p;
      const bool rounded = !form.is_constant && !settings_.exact_inputs;
      before_.push_back(0);
      state_->output_error.push_back(symmetric(rounded && !fits ? binade_up(magnitude(x)) : 0));
      held().push_back(rounded || fits);
    }
  }

  void operator()(const GatherForm& form) {
    std::vector<double> errors;
    std::vector<char> held_operands, sharp;
    for (const NodeId operand : node_->operands) {
      const auto& x = at(states_, operand);
      for (std::size_t i = 0; i < x.error.size(); ++i) {
        errors.push_back(x.error[i].hi);
        held_operands.push_back(held_[static_cast<std::size_t>(operand)][i]);
        sharp.push_back(x.sharp.empty() ? 0 : x.sharp[i]);
      }
    }
    for (const std::int32_t source : form.source) {
      before_.push_back(source < 0 ? 0 : errors[static_cast<std::size_t>(source)]);
      held().push_back(source < 0 ? significand_bits(form.fill) <= settings_.p : held_operands[static_cast<std::size_t>(source)]);
      state_->sharp.push_back(source < 0 ? 1 : sharp[static_cast<std::size_t>(source)]);
    }
  }

  void operator()(const LinearForm& form) {
    const auto& x = at(states_, node_->operands[0]);
    const auto size = static_cast<std::size_t>(node_->size);
    std::vector<Interval> passed(size, Interval(0)), residual(size, Interval(0));
    const Parameters real{&form.map.weight, &form.map.weight_radius, nullptr, nullptr};
    apply<Interval>(form.map, real, x.error.data(), passed.data());
    if (!own().weight.exact || !own().bias.exact) {
      const Parameters rest{&own().weight.residual, &own().weight.residual_radius, &own().bias.residual, &own().bias.residual_radius};
      apply<Interval>(form.map, rest, x.deployed.data(), residual.data());
    }
    for (std::size_t i = 0; i < size; ++i) {
      steps_.own.push_back(bound_of(residual[i]));
      before_.push_back(add_up(bound_of(passed[i]), steps_.own.back()));
    }
    held().assign(size, settings_.rounded_sums && form.map.divisor.empty());
    if (settings_.rounded_sums) round_sums(form.map, x);
  }

  void operator()(const UnaryForm& form) {
    const auto& x = at(states_, node_->operands[0]);
    const auto& operand_held = held_[static_cast<std::size_t>(node_->operands[0])];
    for (std::size_t i = 0; i < x.real.size(); ++i) {
      const double slope = form.slope.empty() ? 0.0 : slope_of(form, i);
      const Interval chords = chord_slopes(form, slope, x.real[i], x.deployed[i]);
      double error = x.error[i].hi == 0 ? 0 : bound_of(chords * x.error[i]);
      steps_.slope.push_back(bound_of(chords));
      pass_on(chords, x, i);
      if (!own().weight.exact && !form.slope.empty()) {
        const double part = bound_of(own().weight.difference(form.slope.size() == 1 ? 0 : i) * min(x.deployed[i], Interval(0)));
        state_->constant_error.push_back(symmetric(part));
        steps_.own.push_back(part);
        error = add_up(error, part);
      }
      before_.push_back(error);
      held().push_back(stays_held(form) && operand_held[i]);
    }
    drop_if_zero(state_->cut);
    state_->sharp = x.sharp;
    bounded_ = true;
  }

  void operator()(const BinaryForm& form) {
    for (std::size_t i = 0; i < form.left.size(); ++i) {
      const Operand a = operand(0, form.left_is_constant, static_cast<std::size_t>(form.left[i]));
      const Operand b = operand(1, form.right_is_constant, static_cast<std::size_t>(form.right[i]));
      Interval left(1.0), right(form.kind == BinaryKind::kSubtract ? -1.0 : 1.0);
      if (form.kind == BinaryKind::kMultiply) {
        left = b.deployed;
        right = a.real;
      } else if (form.kind == BinaryKind::kDivide) {
        left = Interval(1.0) / b.deployed;
        right = -(a.real / b.real) / b.deployed;
      }
      const double from_left = a.error == 0 ? 0 : bound_of(left * symmetric(a.error));
      const double from_right = b.error == 0 ? 0 : bound_of(right * symmetric(b.error));
      before_.push_back(add_up(from_left, from_right));
      if (form.left_is_constant) state_->constant_error.push_back(symmetric(from_left));
      if (form.right_is_constant) state_->constant_error.push_back(symmetric(from_right));
      steps_.own.push_back(add_up(form.left_is_constant ? from_left : 0, form.right_is_constant ? from_right : 0));
      steps_.slope.push_back(bound_of(left));
      steps_.slope_right.push_back(bound_of(right));
      state_->slope.push_back(left);
      state_->slope_right.push_back(right);
    }
    held().assign(form.left.size(), 0);
  }

  void operator()(const MaxForm& form) {
    const auto& x = at(states_, node_->operands[0]);
    const auto& operand_held = held_[static_cast<std::size_t>(node_->operands[0])];
    for (std::size_t i = 0; i + 1 < form.first.size(); ++i) {
      const std::int32_t* first = form.members.data() + form.first[i];
      const std::int32_t* last = form.members.data() + form.first[i + 1];
      double floor = -HUGE_VAL, error = 0;
      for (const std::int32_t* m = first; m != last; ++m) floor = std::max(floor, both(x, *m).lo);
      std::vector<std::int32_t> candidates;
      bool all_held = true;
      for (const std::int32_t* m = first; m != last; ++m) {
        if (both(x, *m).hi < floor) continue;
        candidates.push_back(*m);
        error = std::max(error, x.error[static_cast<std::size_t>(*m)].hi);
        all_held = all_held && operand_held[static_cast<std::size_t>(*m)];
      }
      state_->chosen.push_back(candidates.size() == 1 ? candidates[0] : -1);
      state_->cut.push_back(symmetric(candidates.size() == 1 ? 0 : error));
      before_.push_back(error);
      held().push_back(all_held);
    }
    drop_if_zero(state_->cut);
  }

  // y_i(x^) - y_i(x) = y_i sum_j y_j (d_i - d_j), y within its values over the box of both.
  void operator()(const SoftmaxForm& form) {
    const auto& x = at(states_, node_->operands[0]);
    state_->slope = values_of_both(x);
    before_.assign(x.real.size(), 0);
    const auto length = static_cast<std::size_t>(form.length);
    for (std::size_t start = 0; start < form.members.size(); start += length) {
      for (std::size_t i = 0; i < length; ++i) {
        const auto mine = static_cast<std::size_t>(form.members[start + i]);
        Interval sum(0);
        for (std::size_t j = 0; j < length; ++j) {
          const auto other = static_cast<std::size_t>(form.members[start + j]);
          if (i != j) sum += state_->slope[other] * (x.error[mine] - x.error[other]);
        }
        before_[mine] = bound_of(state_->slope[mine] * sum);
      }
    }
    held().assign(x.real.size(), 0);
    bounded_ = true;
  }

  void operator()(const DotForm& form) {
    const auto& a = at(states_, node_->operands[0]);
    const auto& b = at(states_, node_->operands[1]);
    for (std::int64_t i = 0; i < node_->size; ++i) {
      const std::int64_t batch = i / (form.rows * form.columns);
      const std::int64_t left = (batch * form.rows + i / form.columns % form.rows) * form.depth;
      const std::int64_t right = (batch * form.columns + i % form.columns) * form.depth;
      double error = 0;
      Running sum(u0_);
      for (std::int64_t k = 0; k < form.depth; ++k) {
        const auto l = static_cast<std::size_t>(form.left[static_cast<std::size_t>(left + k)]);
        const auto r = static_cast<std::size_t>(form.right[static_cast<std::size_t>(right + k)]);
        error = add_up(error, add_up(bound_of(b.deployed[r] * a.error[l]), bound_of(a.real[l] * b.error[r])));
        if (settings_.rounded_sums) sum.add(a.deployed[l] * b.deployed[r]);
      }
      before_.push_back(error);
      if (settings_.rounded_sums) note_sum(static_cast<std::size_t>(i), sum, 1);
    }
    held().assign(static_cast<std::size_t>(node_->size), settings_.rounded_sums);
  }

 private:
  struct Operand {
    Interval real, deployed;
    double error = 0;
  };

  // A sum whose products and additions are rounded one after another; errors in units of u.
  struct Running {
    explicit Running(double unit) : u0(unit) {}
    Interval exact;             // of what is added, before any rounding
    double product_error = 0, addition_error = 0, u0;

    void add(const Interval& product) {
      product_error = add_up(product_error, binade_up(bound_of(product)));
      exact += product;
      const double drift = mul_up(u0, add_up(product_error, addition_error));
      addition_error = add_up(addition_error, binade_up(add_up(bound_of(exact), drift)));
    }
  };

  void fill(NodeId id) {
    id_ = id;
    node_ = &(*open_.graph)[id];
    state_ = &states_[static_cast<std::size_t>(id)];
    state_->real = ranges_[static_cast<std::size_t>(id)];
    before_.clear();
    steps_ = {};
    bounded_ = false;
    std::visit(*this, node_->form);
    add_sum_errors(state_->product_error);
    add_sum_errors(state_->accumulator_error);
    if (!std::holds_alternative<SourceForm>(node_->form)) take_norms();
    refine();
    finish();
  }

  void add_sum_errors(const std::vector<Interval>& errors) {
    if (errors.empty()) return;
    steps_.own.resize(before_.size(), 0);
    for (std::size_t i = 0; i < before_.size(); ++i) {
      before_[i] = add_up(before_[i], errors[i].hi);
      steps_.own[i] = add_up(steps_.own[i], errors[i].hi);
    }
  }

  // Elements that a norm bounds better than the row sums of |W|: their differences are worth an exact slope (pass_on).
  void take_norms() {
    for (std::size_t i = 0; i < before_.size(); ++i) steps_.later.push_back(held()[i] ? 0 : binade_up(magnitude(state_->real[i])));
    const std::vector<double> by_rows = before_;
    norms_.before_rounding(id_, states_, steps_, before_);
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (!(before_[i] < kSharper * by_rows[i])) continue;
      if (state_->sharp.empty()) state_->sharp.assign(before_.size(), 0);
      state_->sharp[i] = 1;
    }
  }

  std::vector<char>& held() { return held_[static_cast<std::size_t>(id_)]; }
  const PreparedNode& own() const { return open_.nodes[static_cast<std::size_t>(id_)]; }

  static Interval both(const NodeState<Interval>& x, std::int32_t m) {
    return hull(x.real[static_cast<std::size_t>(m)], x.deployed[static_cast<std::size_t>(m)]);
  }

  std::vector<Interval> values_of_both(const NodeState<Interval>& x) const {
    States<Interval> states(states_.size());
    auto& operand = states[static_cast<std::size_t>(node_->operands[0])];
    for (std::size_t i = 0; i < x.real.size(); ++i) operand.real.push_back(both(x, static_cast<std::int32_t>(i)));
    return forward_values(open_, states, id_, false);
  }

  Operand operand(std::size_t index, bool constant, std::size_t element) const {
    const auto& x = at(states_, node_->operands[index]);
    if (!constant) return {x.real[element], x.deployed[element], x.error[element].hi};
    const double radius = bound_of(constant_operand(open_, id_)->difference(element));
    return {x.real[element], x.real[element] + symmetric(mul_up(u0_, radius)), radius};
  }

  // Where the operand's difference is sharply bounded, one exact slope goes on and the rest is paid here (chord.hpp).
  void pass_on(const Interval& chords, const NodeState<Interval>& x, std::size_t i) {
    const bool split = chords.lo < chords.hi && !x.sharp.empty() && x.sharp[i] != 0 && std::isfinite(magnitude(chords));
    const double lambda = split ? midpoint(chords) : 0;
    state_->slope.push_back(split ? Interval(lambda) : chords);
    state_->cut.push_back(split ? symmetric(bound_of((chords - Interval(lambda)) * x.error[i])) : Interval(0));
  }

  bool stays_held(const UnaryForm& form) const {
    switch (form.kind) {
      case UnaryKind::kRelu:
      case UnaryKind::kNeg:
      case UnaryKind::kAbs: return true;
      case UnaryKind::kHardtanh: return significand_bits(form.low) <= settings_.p && significand_bits(form.high) <= settings_.p;
      default: return false;
    }
  }

  void round_sums(const LinearMap& map, const NodeState<Interval>& x) {
    for (std::int64_t g = 0; g < map.groups; ++g) {
      for (std::int64_t m = 0; m < map.channels; ++m) {
        for (std::int64_t p = 0; p < map.positions; ++p) {
          note_sum(static_cast<std::size_t>(map.output_of(g, m, p)), one_sum(map, x, g, m, p), map.divisor_of(p));
        }
      }
    }
  }

  Running one_sum(const LinearMap& map, const NodeState<Interval>& x, std::int64_t g, std::int64_t m, std::int64_t p) const {
    const auto channel = static_cast<std::size_t>(g * map.channels + m);
    Running sum(u0_);
    if (!map.bias.empty()) sum.exact = own().bias.deployed(channel);
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const std::int64_t input = map.input_of(g, k, p);
      if (input < 0) continue;
      sum.add(own().weight.deployed(channel * static_cast<std::size_t>(map.depth) + static_cast<std::size_t>(k)) *
              x.deployed[static_cast<std::size_t>(input)]);
    }
    return sum;
  }

  void note_sum(std::size_t output, const Running& sum, std::uint32_t divisor) {
    const auto size = static_cast<std::size_t>(node_->size);
    state_->product_error.resize(size, Interval(0));
    state_->accumulator_error.resize(size, Interval(0));
    const Interval share(static_cast<double>(divisor));
    state_->product_error[output] = symmetric(sum.product_error) / share;
    state_->accumulator_error[output] = symmetric(sum.addition_error) / share;
  }

  // ---- refinement by the adjoint: elements whose sign the difference leaves open ----------------------------------------

  void refine() {
    const bool mixes = std::holds_alternative<LinearForm>(node_->form) || std::holds_alternative<BinaryForm>(node_->form) ||
                       std::holds_alternative<DotForm>(node_->form);
    if (settings_.forward_only || !mixes) return;
    std::vector<std::int64_t> elements;
    for (std::int64_t i = 0; i < node_->size; ++i) {
      const auto e = static_cast<std::size_t>(i);
      const Interval value = state_->real[e] + symmetric(mul_up(u0_, before_[e]));
      if (before_[e] > 0 && value.lo < 0 && value.hi > 0) elements.push_back(i);
    }
    const double work = 4 * static_cast<double>(elements.size()) * open_.work_above[static_cast<std::size_t>(id_)];
    if (elements.empty() || !budget_.take(work)) return;
    state_->sharp.resize(static_cast<std::size_t>(node_->size), 0);
    for (const auto& chunk : row_chunks(*open_.graph, elements)) {
      const auto bounds = difference_bounds(open_, states_, id_, unit_rows<Interval>(chunk, node_->size),
                                            static_cast<std::int64_t>(chunk.size()), false);
      for (std::size_t row = 0; row < chunk.size(); ++row) {
        const auto e = static_cast<std::size_t>(chunk[row]);
        before_[e] = std::min(before_[e], bound_of(bounds[row]));
        state_->sharp[e] = 1;
      }
    }
  }

  // ---- output rounding -------------------------------------------------------------------------------------------------

  void finish() {
    const bool source = std::holds_alternative<SourceForm>(node_->form);
    std::vector<Interval> function;
    if (bounded_) {
      States<Interval> operand(states_.size());
      auto& x = operand[static_cast<std::size_t>(node_->operands[0])];
      x.real = x.deployed = at(states_, node_->operands[0]).deployed;
      function = forward_values(open_, operand, id_, true);
    }
    for (std::size_t i = 0; i < before_.size(); ++i) {
      Interval exact = state_->real[i] + symmetric(before_[i] == 0 ? 0 : mul_up(u0_, before_[i]));
      if (bounded_) exact = intersect(exact, function[i]);
      if (!source) state_->output_error.push_back(symmetric(held()[i] ? 0 : binade_up(bound_of(exact))));
      const double rounding = state_->output_error[i].hi;
      const double error = add_up(before_[i], rounding);
      state_->error.push_back(symmetric(error < HUGE_VAL ? error : HUGE_VAL));
      state_->deployed.push_back(rounding == 0 ? exact : exact + symmetric(mul_up(u0_, rounding)));
    }
    if (!source) held().assign(before_.size(), 1);
    norms_.after_rounding(id_, bounds_of(state_->output_error), bounds_of(state_->error));
    drop_if_zero(state_->output_error);
  }

  static std::vector<double> bounds_of(const std::vector<Interval>& symmetric_errors) {
    std::vector<double> bounds;
    for (const Interval& e : symmetric_errors) bounds.push_back(e.hi);
    return bounds;
  }

  static void drop_if_zero(std::vector<Interval>& errors) {
    if (std::all_of(errors.begin(), errors.end(), [](const Interval& e) { return e.lo == 0 && e.hi == 0; })) errors.clear();
  }

  const Prepared& open_;
  const RealRanges& ranges_;
  const ParametricSettings& settings_;
  double u0_;
  WorkBudget budget_;
  DifferenceNorms norms_;
  States<Interval> states_;
  std::vector<std::vector<char>> held_;  // values that are floats of every precision >= p already
  NodeId id_ = 0;
  const LoweredNode* node_ = nullptr;
  NodeState<Interval>* state_ = nullptr;
  std::vector<double> before_;  // |difference| before the output rounding, in units of u
  NodeSteps steps_;
  bool bounded_ = false;        // the deployed value before rounding is the function at the deployed operand
};

// Deployed constants are roundings of the real ones, which lie within their radius of the stored value.
void open_constants(DeployedConstants& constants, int p, bool rounded) {
  const std::vector<double> real_radius = std::move(constants.residual_radius);
  constants.residual_radius.assign(constants.value.size(), 0);
  constants.value_radius.assign(constants.value.size(), 0);
  constants.exact = true;
  for (std::size_t i = 0; i < constants.value.size(); ++i) {
    const double open = real_radius.empty() ? 0 : real_radius[i];
    const bool fits = !rounded || (open == 0 && significand_bits(constants.value[i]) <= p);
    const double binade = fits ? 0 : binade_up(add_up(std::fabs(constants.value[i]), open));
    constants.residual_radius[i] = binade;
    constants.value_radius[i] = add_up(open, std::ldexp(binade, -p));
    constants.exact = constants.exact && fits;
  }
}

}  // namespace

int significand_bits(double x) {
  if (x == 0) return 0;
  return std::ilogb(x) - lsb_exponent(x) + 1;
}

double binade_up(double bound) {
  if (bound == 0) return 0;
  if (!std::isfinite(bound)) return HUGE_VAL;
  int exponent = 0;
  const double fraction = std::frexp(bound, &exponent);
  return std::ldexp(1.0, fraction == 0.5 ? exponent - 2 : exponent - 1);  // a power of two is a float itself
}

Prepared prepare_open(const Prepared& exact, int p, bool exact_weights) {
  Prepared open = exact;
  open.with_formats = true;
  for (std::size_t i = 0; i < open.nodes.size(); ++i) {
    const auto* linear = std::get_if<LinearForm>(&(*open.graph).nodes[i].form);
    const bool stored = linear == nullptr || linear->map.has_stored_weights;
    open_constants(open.nodes[i].weight, p, stored && !exact_weights);
    open_constants(open.nodes[i].bias, p, !exact_weights);
  }
  return open;
}

States<Interval> parametric_pass(const Prepared& open, const RealRanges& ranges, const ParametricSettings& settings) {
  return Pass(open, ranges, settings).run();
}

}  // namespace halfulp
