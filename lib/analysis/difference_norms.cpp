#include "difference_norms.hpp"

#include <algorithm>
#include <numeric>

#include "halfulp/enclosure/interval_inline.hpp"

namespace halfulp {
namespace {

std::vector<double> upper_bounds(const std::vector<Interval>& symmetric) {
  std::vector<double> bounds;
  bounds.reserve(symmetric.size());
  for (const Interval& x : symmetric) bounds.push_back(x.hi);
  return bounds;
}

}  // namespace

ScaledNorm DifferenceNorms::gather(const LoweredNode& node, const GatherForm& form, const NodeSteps& steps) const {
  std::vector<ScaledOperand> operands;
  std::int64_t first = 0;
  for (const NodeId operand : node.operands) {
    const std::int64_t end = first + graph_[operand].size;
    ScaledOperand o{&of(operand), std::vector<std::int32_t>(form.source.size(), -1), {}};
    for (std::size_t i = 0; i < form.source.size(); ++i) {
      if (form.source[i] >= first && form.source[i] < end) o.source[i] = static_cast<std::int32_t>(form.source[i] - first);
    }
    operands.push_back(std::move(o));
    first = end;
  }
  return sum_norm(operands, form.source.size(), steps.later);
}

// |y_i| <= the largest |d| among its members.
ScaledNorm DifferenceNorms::maximum(const LoweredNode& node, const MaxForm& form) const {
  const ScaledNorm& x = of(node.operands[0]);
  std::vector<std::int32_t> uses(x.scale.size(), 0);
  std::int32_t most = 0;
  ScaledNorm y;
  for (std::size_t i = 0; i + 1 < form.first.size(); ++i) {
    double largest = 0;
    for (std::int32_t m = form.first[i]; m < form.first[i + 1]; ++m) {
      const auto member = static_cast<std::size_t>(form.members[static_cast<std::size_t>(m)]);
      most = std::max(most, ++uses[member]);
      largest = std::max(largest, x.scale[member]);
    }
    y.scale.push_back(largest);
  }
  y.norm = mul_up(next_up(std::sqrt(static_cast<double>(most))), x.norm);
  return y;
}

ScaledNorm DifferenceNorms::binary(const LoweredNode& node, const BinaryForm& form, const NodeSteps& steps) const {
  std::vector<ScaledOperand> operands;
  if (!form.left_is_constant) operands.push_back({&of(node.operands[0]), form.left, steps.slope});
  if (!form.right_is_constant) operands.push_back({&of(node.operands[1]), form.right, steps.slope_right});
  return sum_norm(operands, form.left.size(), steps.later);
}

void DifferenceNorms::before_rounding(NodeId id, const States<Interval>& states, const NodeSteps& steps, std::vector<double>& before) {
  const LoweredNode& node = graph_[id];
  ScaledNorm& y = norms_[static_cast<std::size_t>(id)];
  bool adds_own = true;
  if (const auto* linear = std::get_if<LinearForm>(&node.form)) {
    const auto bound = upper_bounds(at(states, node.operands[0]).error);
    const std::vector<double> none(before.size(), 0.0);
    y = linear_norm(linear->map, of(node.operands[0]), bound, steps.own, steps.later.empty() ? none : steps.later, before);
    adds_own = false;
  } else if (const auto* moved = std::get_if<GatherForm>(&node.form)) {
    y = gather(node, *moved, steps);
  } else if (const auto* binary_form = std::get_if<BinaryForm>(&node.form)) {
    y = binary(node, *binary_form, steps);
  } else if (const auto* max_form = std::get_if<MaxForm>(&node.form)) {
    y = maximum(node, *max_form);
  } else if (std::holds_alternative<UnaryForm>(node.form)) {
    std::vector<std::int32_t> same(before.size());
    std::iota(same.begin(), same.end(), 0);
    y = sum_norm({{&of(node.operands[0]), std::move(same), steps.slope}}, before.size(), steps.later);
  } else {
    y = norm_of_bounds(before);
    adds_own = false;
  }
  if (adds_own && !steps.own.empty()) y.norm = add_up(y.norm, scaled_norm_up(steps.own, y.scale));
  y.norm = std::min(y.norm, scaled_norm_up(before, y.scale));
  for (std::size_t i = 0; i < before.size(); ++i) before[i] = std::min(before[i], bound(id, i));
}

void DifferenceNorms::after_rounding(NodeId id, const std::vector<double>& rounding, const std::vector<double>& error) {
  ScaledNorm& y = norms_[static_cast<std::size_t>(id)];
  if (y.scale.empty()) y = norm_of_bounds(error);
  y.norm = std::min(add_up(y.norm, scaled_norm_up(rounding, y.scale)), scaled_norm_up(error, y.scale));
}

double DifferenceNorms::bound(NodeId id, std::size_t element) const {
  const ScaledNorm& y = of(id);
  return y.norm == 0 ? 0 : mul_up(y.norm, y.scale[element]);
}

}  // namespace halfulp
