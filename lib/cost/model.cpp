#include <algorithm>

#include "counts.hpp"
#include "halfulp/support/assert.hpp"
#include "operations.hpp"

namespace halfulp {
namespace {

bool is_memory(Operation operation) {
  return operation == Operation::kParameterRead || operation == Operation::kActivationRead || operation == Operation::kActivationWrite;
}

double times(const Target& target, const OperationUse& use) {
  return target.counting == Counting::kUnitANode && !is_memory(use.operation) ? 1 : use.count;
}

// Nothing of the node's own formats decides how its value arrives at consumers.
bool rounds_nothing(const NodeFormats& formats) { return !formats.output; }

}  // namespace

CostModel::CostModel(const Target& target, const LoweredGraph& graph, AccumulatorBits accumulator_bits)
    : target_(target), graph_(graph), accumulator_bits_(std::move(accumulator_bits)) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) counts_.push_back(counts_of(graph, static_cast<NodeId>(i)));
}

std::vector<OperationUse> CostModel::operations(const FormatAssignment& formats, NodeId id) const {
  Carriers carriers(target_, graph_, formats, counts_, accumulator_bits_);
  return operations_of(graph_, formats, id, counts_[static_cast<std::size_t>(id)], carriers);
}

double CostModel::node(const FormatAssignment& formats, NodeId id) const {
  const auto index = static_cast<std::size_t>(id);
  double cost = target_.per_weight_bit * parameter_bits(counts_[index], formats[index]) +
                target_.per_activation_bit * activation_bits(graph_[id], formats[index]);
  if (target_.tables.empty()) return cost;
  for (const OperationUse& use : operations(formats, id)) {
    for (const OperationTable& table : target_.tables) {
      if (table.operation != use.operation) continue;
      const auto price = target_.prices.find(table.component);
      if (price != target_.prices.end() && price->second != 0) cost += price->second * table.look_up(use.operands) * times(target_, use);
    }
  }
  return cost;
}

Cost CostModel::total(const FormatAssignment& formats) const {
  HALFULP_ASSERT(formats.size() == graph_.nodes.size());
  Cost cost;
  double parameters = 0;
  Carriers carriers(target_, graph_, formats, counts_, accumulator_bits_);
  for (const OperationTable& table : target_.tables) cost.components.emplace(table.component, 0);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    parameters += counts_[i].weights + counts_[i].biases;
    cost.weight_bits += parameter_bits(counts_[i], formats[i]);
    cost.activation_bits += activation_bits(graph_[id], formats[i]);
    if (target_.tables.empty()) continue;
    for (const OperationUse& use : operations_of(graph_, formats, id, counts_[i], carriers)) {
      for (const OperationTable& table : target_.tables) {
        if (table.operation == use.operation) cost.components[table.component] += table.look_up(use.operands) * times(target_, use);
      }
    }
  }
  if (parameters > 0) cost.mean_weight_bits = cost.weight_bits / parameters;
  cost.total = target_.per_weight_bit * cost.weight_bits + target_.per_activation_bit * cost.activation_bits;
  for (const auto& [component, price] : target_.prices) {
    if (cost.components.contains(component)) cost.total += price * cost.components.at(component);
  }
  return cost;
}

std::vector<NodeId> CostModel::affected_by(const FormatAssignment& formats, NodeId id) const {
  std::vector<bool> affected(graph_.nodes.size(), false), passes_on(graph_.nodes.size(), false);
  affected[static_cast<std::size_t>(id)] = passes_on[static_cast<std::size_t>(id)] = true;
  std::vector<NodeId> nodes;
  for (std::size_t i = static_cast<std::size_t>(id); i < graph_.nodes.size(); ++i) {
    for (const NodeId operand : graph_.nodes[i].operands) {
      if (!passes_on[static_cast<std::size_t>(operand)]) continue;
      affected[i] = true;
      passes_on[i] = passes_on[i] || rounds_nothing(formats[i]);
    }
    if (affected[i]) nodes.push_back(static_cast<NodeId>(i));
  }
  return nodes;
}

Cost cost_on(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats, const AccumulatorBits& accumulator_bits) {
  return CostModel(target, graph, accumulator_bits).total(formats);
}

Cost storage_cost(const LoweredGraph& graph, const FormatAssignment& formats) { return cost_on(Target{}, graph, formats); }

double node_cost(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats, NodeId id) {
  return CostModel(target, graph).node(formats, id);
}

std::map<std::string, double> Cost::named() const {
  std::map<std::string, double> all = components;
  all["weight_bits"] = weight_bits;
  all["mean_weight_bits"] = mean_weight_bits;
  all["activation_bits"] = activation_bits;
  all["total"] = total;
  return all;
}

}  // namespace halfulp
