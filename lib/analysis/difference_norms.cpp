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

bool is_identity(const std::vector<std::int32_t>& source, std::int64_t size) {
  if (static_cast<std::int64_t>(source.size()) != size) return false;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] != static_cast<std::int32_t>(i)) return false;
  }
  return true;
}

}  // namespace

// Generators give another scale; the norm whose elements are smaller on the whole is kept.
void DifferenceNorms::take_nearer(NodeId id, const LinearMap* map, const Generators* operand) {
  ScaledNorm& y = norms_[static_cast<std::size_t>(id)];
  ScaledNorm other = norm_of_generators(*generators_[static_cast<std::size_t>(id)], map, operand);
  if (other.norm * euclidean_up(other.scale) < y.norm * euclidean_up(y.scale) || !std::isfinite(y.norm)) y = std::move(other);
}

void DifferenceNorms::linear(NodeId id, const LinearMap& map, const std::vector<double>& bound, const NodeSteps& steps, std::vector<double>& before) {
  const auto operand = static_cast<std::size_t>(graph_[id].operands[0]);
  const Generators* x = generators_[operand].get();
  const bool mixes = is_pointwise(map);
  std::shared_ptr<Generators>& own = generators_[static_cast<std::size_t>(id)];
  if (x != nullptr && (mixes || is_channelwise(map))) own = pass_generators(map, *x, steps.own, steps.later);
  else if (mixes) own = start_generators(map, norms_[operand], steps.own, steps.later);
  const std::vector<double> none(before.size(), 0.0);
  const bool known = own != nullptr && x != nullptr && mixes;
  norms_[static_cast<std::size_t>(id)] = linear_norm(map, norms_[operand], bound, steps.own, steps.later.empty() ? none : steps.later, before, known);
  if (own != nullptr && x != nullptr) lower_by_generators(*own, before);
  if (known) take_nearer(id, &map, x);
}

void DifferenceNorms::sum_of_generators(NodeId id, const BinaryForm& form, const NodeSteps& steps, std::vector<double>& before) {
  const LoweredNode& node = graph_[id];
  if (form.kind != BinaryKind::kAdd || form.left_is_constant || form.right_is_constant) return;
  const auto left = static_cast<std::size_t>(node.operands[0]), right = static_cast<std::size_t>(node.operands[1]);
  if (!generators_[left] || !generators_[right] || left == right || !is_identity(form.left, node.size) || !is_identity(form.right, node.size)) return;
  std::shared_ptr<Generators>& own = generators_[static_cast<std::size_t>(id)];
  own = add_generators(*generators_[left], *generators_[right], steps.own, steps.later);
  if (own == nullptr) return;
  lower_by_generators(*own, before);
  take_nearer(id, nullptr, nullptr);
}

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
  if (const auto* form = std::get_if<LinearForm>(&node.form)) {
    linear(id, form->map, upper_bounds(at(states, node.operands[0]).error), steps, before);
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
  if (const auto* form = std::get_if<BinaryForm>(&node.form)) sum_of_generators(id, *form, steps, before);
  y.norm = std::min(y.norm, scaled_norm_up(before, y.scale));
  for (std::size_t i = 0; i < before.size(); ++i) before[i] = std::min(before[i], bound(id, i));
}

void DifferenceNorms::after_rounding(NodeId id, const std::vector<double>& rounding, const std::vector<double>& error) {
  ScaledNorm& y = norms_[static_cast<std::size_t>(id)];
  if (y.scale.empty()) y = norm_of_bounds(error);
  if (Generators* kept = generators_[static_cast<std::size_t>(id)].get()) {
    kept->rest.norm = add_up(kept->rest.norm, scaled_norm_up(rounding, kept->rest.scale));
  }
  y.norm = std::min(add_up(y.norm, scaled_norm_up(rounding, y.scale)), scaled_norm_up(error, y.scale));
}

double DifferenceNorms::bound(NodeId id, std::size_t element) const {
  const ScaledNorm& y = of(id);
  return y.norm == 0 ? 0 : mul_up(y.norm, y.scale[element]);
}

}  // namespace halfulp
