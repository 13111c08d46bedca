#include "halfulp/analysis/degenerate.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/formats/round.hpp"

namespace halfulp {
namespace {

std::optional<Interval> hull_of(const std::vector<Interval>& values) {
  std::optional<Interval> all;
  for (const Interval& value : values) all = all ? hull(*all, value) : value;
  return all;
}

std::optional<Interval> hull_of(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return Interval(*low, *high);
}

bool is_finite(const Interval& range) { return std::isfinite(range.lo) && std::isfinite(range.hi); }

// Rounding is monotone: if both ends become the same number, so does everything between them. A shared scale follows its values.
bool collapses(const Format& format, const Interval& range) {
  return !is_grouped(format) && is_finite(range) && range.lo < range.hi && round_to(format, range.lo) == round_to(format, range.hi);
}

std::optional<Format> same_width_that_holds(const Format& format, const Interval& range) {
  if (format.family != FormatFamily::kFixed) return std::nullopt;
  const int integer_now = format.width_bits - format.fraction_bits;
  for (int integer = std::ilogb(magnitude(range)) - 1; integer < integer_now; ++integer) {
    const Format finer = format.is_signed ? make_fixed(format.width_bits, integer) : make_ufixed(format.width_bits, integer);
    if (lowest(finer) <= range.lo && range.hi <= largest(finer) && !collapses(finer, range)) return finer;
  }
  return std::nullopt;
}

// The softmax that sees the node's values as they are, moved at most.
std::optional<NodeId> softmax_behind(const LoweredGraph& graph, const FormatAssignment& formats, NodeId node) {
  for (std::size_t i = static_cast<std::size_t>(node) + 1; i < graph.nodes.size(); ++i) {
    const auto& operands = graph.nodes[i].operands;
    if (std::find(operands.begin(), operands.end(), node) == operands.end()) continue;
    if (std::holds_alternative<SoftmaxForm>(graph.nodes[i].form)) return static_cast<NodeId>(i);
    if (std::holds_alternative<GatherForm>(graph.nodes[i].form) && !formats[i].output) {
      if (const auto behind = softmax_behind(graph, formats, static_cast<NodeId>(i))) return behind;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<DegeneratePlace> degenerate_places(const LoweredGraph& graph, const FormatAssignment& formats, const std::vector<NodeBounds>& nodes) {
  std::vector<DegeneratePlace> places;
  const auto look = [&](NodeId node, Role role, const std::optional<Format>& format, const std::optional<Interval>& values) {
    if (!format || !values || !collapses(*format, *values)) return;
    places.push_back({.node = node, .role = role, .format = *format, .values = *values, .becomes = round_to(*format, values->lo),
                      .fix = same_width_that_holds(*format, *values), .softmax = std::nullopt});
    if (role != Role::kWeight) places.back().softmax = softmax_behind(graph, formats, node);
  };
  for (std::size_t i = 0; i < graph.nodes.size() && i < nodes.size(); ++i) {
    const auto node = static_cast<NodeId>(i);
    if (const auto* linear = std::get_if<LinearForm>(&graph.nodes[i].form)) {
      if (linear->map.has_stored_weights) look(node, Role::kWeight, formats[i].weight, hull_of(linear->map.weight));
    }
    look(node, Role::kInput, formats[i].input, hull_of(nodes[i].real));
    look(node, Role::kOutput, formats[i].output, hull_of(nodes[i].real));
  }
  return places;
}

}  // namespace halfulp
