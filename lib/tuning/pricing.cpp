#include "pricing.hpp"

#include <algorithm>

namespace halfulp {

Pricing::Pricing(const CostModel& model, const FormatAssignment& base, const std::vector<Variable>& variables)
    : model_(model), variables_(variables), scratch_(with_levels(base, variables, Levels(variables.size(), 0))), touched_(variables.size()) {
  std::vector<std::vector<std::size_t>> dependencies(base.size());
  for (std::size_t i = 0; i < variables.size(); ++i) {
    for (const Place& place : variables[i].places) {
      for (const NodeId node : model.affected_by(scratch_, place.node)) {
        auto& list = dependencies[static_cast<std::size_t>(node)];
        if (list.empty() || list.back() != i) list.push_back(i);
      }
    }
  }
  for (std::size_t n = 0; n < dependencies.size(); ++n) {
    if (dependencies[n].empty()) {
      fixed_ += model.node(scratch_, static_cast<NodeId>(n));
      continue;
    }
    for (const std::size_t i : dependencies[n]) touched_[i].push_back(nodes_.size());
    nodes_.push_back({.node = static_cast<NodeId>(n), .variables = std::move(dependencies[n]), .known = {}});
  }
}

double Pricing::share(const NodeShare& node, const Levels& levels) const {
  Levels key;
  for (const std::size_t i : node.variables) key.push_back(levels[i]);
  if (const auto known = node.known.find(key); known != node.known.end()) return known->second;
  for (const std::size_t i : node.variables) {
    for (const Place& place : variables_[i].places) {
      format_of(scratch_[static_cast<std::size_t>(place.node)], place.role) = variables_[i].levels[levels[i]].format;
    }
  }
  return node.known.emplace(std::move(key), model_.node(scratch_, node.node)).first->second;
}

double Pricing::total(const Levels& levels) const {
  double sum = fixed_;
  for (const NodeShare& node : nodes_) sum += share(node, levels);
  return sum;
}

double Pricing::change(const Levels& levels, std::size_t i, std::size_t level) const {
  Levels moved = levels;
  moved[i] = level;
  double sum = 0;
  for (const std::size_t n : touched_[i]) sum += share(nodes_[n], moved) - share(nodes_[n], levels);
  return sum;
}

double Pricing::slope(const Levels& levels, std::size_t i) const {
  constexpr std::size_t kReach = 4;
  const std::size_t low = levels[i] > kReach ? levels[i] - kReach : 0;
  const std::size_t high = std::min(levels[i] + kReach, variables_[i].levels.size() - 1);
  const int bits = variables_[i].levels[high].format.width_bits - variables_[i].levels[low].format.width_bits;
  if (bits <= 0) return 0;
  return std::max(0.0, (change(levels, i, high) - change(levels, i, low)) / bits);
}

}  // namespace halfulp
