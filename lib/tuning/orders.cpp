#include "orders.hpp"

#include <algorithm>

#include "roles.hpp"

namespace halfulp {
namespace {

// Precision at which the orders are compared, short of the widest level: fine enough for bounds to be finite.
constexpr std::size_t kLevelsFromTop = 8;

double accumulator_amount(const Evaluation& evaluation, NodeId node) {
  double amount = 0;
  for (const Contribution& each : evaluation.contributions) {
    if (each.node == node && each.role == Role::kAccumulator) amount += each.amount;
  }
  return amount;
}

}  // namespace

Result<void> choose_orders(Evaluator& evaluator, const std::vector<Variable>& variables, const TuneOptions& options, FormatAssignment& base) {
  std::vector<NodeId> nodes;
  Levels levels;
  for (const Variable& variable : variables) {
    levels.push_back(variable.levels.size() > kLevelsFromTop ? variable.levels.size() - 1 - kLevelsFromTop : variable.levels.size() - 1);
    if (variable.role != Role::kAccumulator) continue;
    for (const Place& place : variable.places) nodes.push_back(place.node);
  }
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (base[i].accumulator) nodes.push_back(static_cast<NodeId>(i));
  }
  if (nodes.empty() || options.orders.empty()) return {};
  std::vector<double> best(nodes.size(), -1);
  FormatAssignment chosen = base;
  for (const SummationOrder& order : options.orders) {
    FormatAssignment trial = base;
    for (const NodeId node : nodes) trial[static_cast<std::size_t>(node)].order = order;
    std::vector<double> amounts(nodes.size(), 0);
    if (options.orders.size() > 1) {
      auto evaluation = evaluator.probe(with_levels(trial, variables, levels));
      if (!evaluation) return fail(evaluation.error());
      for (std::size_t n = 0; n < nodes.size(); ++n) amounts[n] = accumulator_amount(*evaluation, nodes[n]);
    }
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      if (best[n] >= 0 && amounts[n] >= best[n]) continue;
      best[n] = amounts[n];
      chosen[static_cast<std::size_t>(nodes[n])].order = order;
    }
  }
  base = std::move(chosen);
  return {};
}

}  // namespace halfulp
