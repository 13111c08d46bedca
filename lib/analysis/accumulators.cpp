// The width that an exact accumulator needs: from the grid of its terms to the bound of its partial sums.
#include <cmath>

#include "halfulp/analysis/analysis.hpp"
#include "prepared.hpp"

namespace halfulp {
namespace {

// Deployed values of the node lie on multiples of 2^result, from formats alone.
int node_lsb(const LoweredGraph& graph, const FormatAssignment& formats, NodeId id) {
  const LoweredNode& node = graph[id];
  const NodeFormats& own = formats[static_cast<std::size_t>(id)];
  if (std::holds_alternative<SourceForm>(node.form)) return own.input ? lsb_exponent(*own.input) : ValueGrid::kUnknown;
  if (own.output) return lsb_exponent(*own.output);
  const auto* unary = std::get_if<UnaryForm>(&node.form);
  const bool passes = std::holds_alternative<GatherForm>(node.form) || std::holds_alternative<MaxForm>(node.form) ||
                      (unary != nullptr && unary->kind == UnaryKind::kRelu);
  if (!passes) return ValueGrid::kUnknown;
  int lsb = std::numeric_limits<int>::max();
  for (const NodeId operand : node.operands) {
    const int other = node_lsb(graph, formats, operand);
    if (other == ValueGrid::kUnknown) return other;
    lsb = std::min(lsb, other);
  }
  return lsb;
}

}  // namespace

std::vector<std::optional<AccumulatorWidth>> accumulator_widths(const LoweredGraph& graph, const FormatAssignment& formats,
                                                                const BoxAnalysis& analysis) {
  std::vector<std::optional<AccumulatorWidth>> widths(graph.nodes.size());
  const auto prepared = prepare(graph, formats);
  if (!prepared) return widths;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto* linear = std::get_if<LinearForm>(&graph.nodes[i].form);
    if (linear == nullptr || !prepared->needed[i]) continue;
    const int lsb = node_lsb(graph, formats, graph.nodes[i].operands[0]);
    if (lsb == ValueGrid::kUnknown) continue;
    const PreparedNode& own = prepared->nodes[i];
    double reach = 0;
    for (const Interval& x : analysis.nodes[static_cast<std::size_t>(graph.nodes[i].operands[0])].deployed) {
      reach = std::max(reach, magnitude(x));
    }
    double worst = 0;
    for (std::int64_t channel = 0; channel < linear->map.groups * linear->map.channels; ++channel) {
      double sum = own.bias.empty() ? 0 : magnitude(own.bias.deployed(static_cast<std::size_t>(channel)));
      for (std::int64_t k = 0; k < linear->map.depth; ++k) {
        sum = add_up(sum, mul_up(magnitude(own.weight.deployed(static_cast<std::size_t>(channel * linear->map.depth + k))), reach));
      }
      worst = std::max(worst, sum);
    }
    const long long product = static_cast<long long>(lsb) + own.weight.lsb;
    const long long finest = own.bias.empty() ? product : std::min<long long>(product, own.bias.lsb);
    if (worst == 0 || !std::isfinite(worst) || std::llabs(finest) > 4000) continue;
    AccumulatorWidth width;
    width.lsb_exponent = static_cast<int>(finest);
    width.width_bits = std::ilogb(worst) + 1 - width.lsb_exponent + 1;
    widths[i] = width;
  }
  return widths;
}

}  // namespace halfulp
