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
    nodes_.push_back({.node = static_cast<NodeId>(n), .variables = std::move(dependencies[n]), .known = {}, .known_packed = {}});
  }
}

double Pricing::priced(const NodeShare& node, const Levels& levels, std::size_t moved, std::size_t level) const {
  for (const std::size_t i : node.variables) {
    for (const Place& place : variables_[i].places) {
      format_of(scratch_[static_cast<std::size_t>(place.node)], place.role) = variables_[i].levels[i == moved ? level : levels[i]].format;
    }
  }
  return model_.node(scratch_, node.node);
}

double Pricing::share(const NodeShare& node, const Levels& levels, std::size_t moved, std::size_t level) const {
  std::uint64_t packed = 0;
  bool fits = node.variables.size() <= sizeof packed;
  for (const std::size_t i : node.variables) {
    const std::size_t here = i == moved ? level : levels[i];
    fits = fits && here < 256;
    packed = packed << 8 | here;
  }
  if (fits) {
    const auto known = node.known_packed.find(packed);
    return known != node.known_packed.end() ? known->second : node.known_packed.emplace(packed, priced(node, levels, moved, level)).first->second;
  }
  Levels key;
  for (const std::size_t i : node.variables) key.push_back(i == moved ? level : levels[i]);
  if (const auto known = node.known.find(key); known != node.known.end()) return known->second;
  return node.known.emplace(std::move(key), priced(node, levels, moved, level)).first->second;
}

double Pricing::total(const Levels& levels) const {
  double sum = fixed_;
  for (const NodeShare& node : nodes_) sum += share(node, levels, levels.size(), 0);
  return sum;
}

double Pricing::change(const Levels& levels, std::size_t i, std::size_t level) const {
  double sum = 0;
  for (const std::size_t n : touched_[i]) sum += share(nodes_[n], levels, i, level) - share(nodes_[n], levels, i, levels[i]);
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
