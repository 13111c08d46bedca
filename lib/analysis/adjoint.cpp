#include "adjoint.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp {
namespace {

template <typename I>
bool is_zero(const I& a) {
  return lower(a) == 0 && upper(a) == 0;
}

template <typename I>
class ReversePass {
 public:
  ReversePass(const Prepared& prepared, const States<I>& states, std::int64_t rows, Ledger* ledger, Chances* chances = nullptr)
      : prepared_(prepared), states_(states), rows_(rows), ledger_(ledger), chances_(chances), random_slopes_(prepared.graph->nodes.size(), false),
        total_(static_cast<std::size_t>(rows), I(0.0)), coefficients_(prepared.graph->nodes.size()) {}

  std::vector<Interval> run(NodeId target, std::vector<I> functional, bool own_rounding) {
    find_perturbed(target);
    coefficients_[static_cast<std::size_t>(target)] = std::move(functional);
    for (NodeId id = target; id >= 0; --id) {
      auto& rows = coefficients_[static_cast<std::size_t>(id)];
      if (rows.empty()) continue;
      add_perturbations(id, own_rounding || id != target);
      if (chances_ != nullptr) mark_random_slopes(id);
      if (operands_perturbed(id)) pull_back(prepared_, states_, id, rows_, coefficients_);
      std::vector<I>().swap(rows);
    }
    std::vector<Interval> bounds;
    for (const I& sum : total_) bounds.push_back(to_double(sum));
    return bounds;
  }

 private:
  // A node without perturbations on it or before it has no part in any difference.
  void find_perturbed(NodeId target) {
    perturbed_.assign(prepared_.graph->nodes.size(), false);
    for (NodeId id = 0; id <= target; ++id) {
      if (!prepared_.needed[static_cast<std::size_t>(id)]) continue;
      const NodeState<I>& state = at(states_, id);
      const PreparedNode& own = prepared_.nodes[static_cast<std::size_t>(id)];
      const bool quiet = state.output_error.empty() && state.accumulator_error.empty() && state.product_error.empty() &&
                         state.constant_error.empty() && state.cut.empty() && own.weight.exact && own.bias.exact;
      perturbed_[static_cast<std::size_t>(id)] = !quiet || operands_perturbed(id);
    }
  }

  bool operands_perturbed(NodeId id) const {
    const auto& operands = (*prepared_.graph)[id].operands;
    return std::any_of(operands.begin(), operands.end(), [&](NodeId operand) { return perturbed_[static_cast<std::size_t>(operand)]; });
  }

  void add_perturbations(NodeId id, bool with_rounding) {
    const NodeState<I>& state = at(states_, id);
    const bool source = std::holds_alternative<SourceForm>((*prepared_.graph)[id].form);
    const NodeFormats& formats = prepared_.formats[static_cast<std::size_t>(id)];
    if (with_rounding) add_roundings(id, source ? Role::kInput : Role::kOutput, state.output_error, state.output_square, source ? formats.input : formats.output);
    add_roundings(id, Role::kAccumulator, state.accumulator_error, state.accumulator_square, formats.accumulator);
    add_roundings(id, Role::kProduct, state.product_error, state.product_square, formats.product);
    add_vector(id, constant_role(id), state.constant_error);
    add_vector(id, Role::kSlope, state.cut);
    if (const auto* linear = std::get_if<LinearForm>(&(*prepared_.graph)[id].form)) add_residuals(id, linear->map);
  }

  Role constant_role(NodeId id) const {
    return prepared_.nodes[static_cast<std::size_t>(id)].weight.empty() ? Role::kBias : Role::kWeight;
  }

  // Slopes that are no single numbers may depend on random bits, and with them the coefficients of everything before.
  void mark_random_slopes(NodeId id) {
    const LoweredNode& node = (*prepared_.graph)[id];
    const NodeState<I>& state = at(states_, id);
    const auto points = [](const std::vector<I>& slopes) {
      return std::all_of(slopes.begin(), slopes.end(), [](const I& slope) { return lower(slope) == upper(slope); });
    };
    bool fixed = !random_slopes_[static_cast<std::size_t>(id)];
    if (std::holds_alternative<SoftmaxForm>(node.form) || std::holds_alternative<DotForm>(node.form)) fixed = false;
    if (std::holds_alternative<UnaryForm>(node.form)) fixed = fixed && points(state.slope);
    if (const auto* binary = std::get_if<BinaryForm>(&node.form)) {
      fixed = fixed && (binary->left_is_constant || points(state.slope)) && (binary->right_is_constant || points(state.slope_right));
    }
    if (fixed) return;
    for (const NodeId operand : node.operands) random_slopes_[static_cast<std::size_t>(operand)] = true;
  }

  void add_roundings(NodeId id, Role role, const std::vector<Interval>& error, const std::vector<double>& square, const std::optional<Format>& format) {
    if (chances_ == nullptr || error.empty() || square.empty() || random_slopes_[static_cast<std::size_t>(id)]) return add_vector(id, role, error);
    std::vector<Interval> worst = error;
    for (std::size_t i = 0; i < worst.size(); ++i) {
      if (square[i] == 0) continue;
      const double bias = mul_up(magnitude(error[i]), std::ldexp(1.0, -format->stochastic_bits));
      worst[i] = {-bias, bias};
    }
    add_vector(id, role, worst);
    const auto& rows = coefficients_[static_cast<std::size_t>(id)];
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows_); ++row) {
      double& sum = chances_->square[row];
      for (std::size_t i = 0; i < square.size(); ++i) {
        const double g = magnitude(rows[row * square.size() + i]);
        sum = add_up(sum, mul_up(mul_up(g, g), square[i]));
      }
    }
  }

  void add_vector(NodeId id, Role role, const std::vector<Interval>& perturbation) {
    if (perturbation.empty()) return;
    const std::size_t size = perturbation.size();
    const auto& rows = coefficients_[static_cast<std::size_t>(id)];
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows_); ++row) {
      I sum(0.0);
      for (std::size_t i = 0; i < size; ++i) {
        if (is_zero(rows[row * size + i]) || (perturbation[i].lo == 0 && perturbation[i].hi == 0)) continue;
        add_product(sum, rows[row * size + i], I(perturbation[i].lo, perturbation[i].hi));
      }
      record(id, role, row, sum);
    }
  }

  // g . (dW x^ + db) / divisor = (g dW) . x^ + ..: the residual row is summed over all outputs before it meets x^.
  void add_residuals(NodeId id, const LinearMap& map) {
    const PreparedNode& node = prepared_.nodes[static_cast<std::size_t>(id)];
    const auto& rows = coefficients_[static_cast<std::size_t>(id)];
    if (!node.weight.exact) {
      const Parameters residual{.weight = &node.weight.residual, .weight_radius = &node.weight.residual_radius};
      std::vector<I> folded(static_cast<std::size_t>(rows_ * map.inputs), I(0.0));
      apply_transposed<I>(map, residual, rows.data(), folded.data(), rows_);
      const auto& x = at(states_, (*prepared_.graph)[id].operands[0]).deployed;
      for (std::size_t row = 0; row < static_cast<std::size_t>(rows_); ++row) {
        I sum(0.0);
        for (std::size_t i = 0; i < x.size(); ++i) add_product(sum, folded[row * x.size() + i], x[i]);
        record(id, Role::kWeight, row, sum);
      }
    }
    if (!node.bias.exact) add_bias_residuals(id, map, node.bias);
  }

  void add_bias_residuals(NodeId id, const LinearMap& map, const DeployedConstants& bias) {
    const auto& rows = coefficients_[static_cast<std::size_t>(id)];
    for (std::int64_t row = 0; row < rows_; ++row) {
      I sum(0.0);
      for (std::int64_t channel = 0; channel < map.groups * map.channels; ++channel) {
        I folded(0.0);
        for (std::int64_t p = 0; p < map.positions; ++p) {
          const std::int64_t output = map.output_pattern[static_cast<std::size_t>(p)] + channel * map.output_channel_stride;
          I value = rows[static_cast<std::size_t>(row * map.outputs + output)];
          if (map.divisor_of(p) != 1) value = value / I(static_cast<double>(map.divisor_of(p)));
          folded += value;
        }
        const auto c = static_cast<std::size_t>(channel);
        const Interval residual = bias.difference(c);
        add_product(sum, folded, I(residual.lo, residual.hi));
      }
      record(id, Role::kBias, static_cast<std::size_t>(row), sum);
    }
  }

  void record(NodeId id, Role role, std::size_t row, const I& amount) {
    total_[row] += amount;
    if (ledger_ == nullptr) return;
    if (ledger_->entries.empty() || ledger_->entries.back().node != id || ledger_->entries.back().role != role) {
      ledger_->entries.push_back({id, role, std::vector<double>(static_cast<std::size_t>(rows_), 0.0)});
    }
    ledger_->entries.back().amount[row] = add_up(ledger_->entries.back().amount[row], magnitude(amount));
  }

  const Prepared& prepared_;
  const States<I>& states_;
  std::int64_t rows_;
  Ledger* ledger_;
  Chances* chances_;
  std::vector<bool> random_slopes_;
  std::vector<I> total_;
  std::vector<bool> perturbed_;
  Coefficients<I> coefficients_;
};

}  // namespace

template <typename I>
std::vector<Interval> difference_bounds(const Prepared& prepared, const States<I>& states, NodeId target,
                                        std::vector<I> functional, std::int64_t rows, bool own_rounding, Ledger* ledger) {
  return ReversePass<I>(prepared, states, rows, ledger).run(target, std::move(functional), own_rounding);
}

template <typename I>
std::vector<Interval> difference_chances(const Prepared& prepared, const States<I>& states, NodeId target, std::vector<I> functional,
                                         std::int64_t rows, Chances& chances) {
  chances.square.assign(static_cast<std::size_t>(rows), 0);
  return ReversePass<I>(prepared, states, rows, nullptr, &chances).run(target, std::move(functional), true);
}

template std::vector<Interval> difference_chances(const Prepared&, const States<Interval>&, NodeId, std::vector<Interval>, std::int64_t, Chances&);
template std::vector<Interval> difference_chances(const Prepared&, const States<MpInterval>&, NodeId, std::vector<MpInterval>, std::int64_t,
                                                  Chances&);

template std::vector<Interval> difference_bounds(const Prepared&, const States<Interval>&, NodeId, std::vector<Interval>,
                                                 std::int64_t, bool, Ledger*);
template std::vector<Interval> difference_bounds(const Prepared&, const States<MpInterval>&, NodeId, std::vector<MpInterval>,
                                                 std::int64_t, bool, Ledger*);

}  // namespace halfulp
