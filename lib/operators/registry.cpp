// The operators that have a rule, sorted by name: one line an operator.
#include <algorithm>

#include "halfulp/support/text.hpp"
#include "rules.hpp"

namespace halfulp {
namespace {

struct Entry {
  const char* name;
  Rule rule;
  const char* summary;
};

constexpr Entry kEntries[] = {
    {"abs", rules::unary, "absolute value"},
    {"adaptive_avg_pool", rules::adaptive_avg_pool, "average pooling to a given extent, 1-D and 2-D"},
    {"add", rules::add, "sum of two operands, broadcasting; a constant operand is a stored bias"},
    {"amax", rules::amax, "maximum over axes"},
    {"atan", rules::unary, "inverse tangent"},
    {"avg_pool", rules::avg_pool, "average pooling, 1-D and 2-D"},
    {"batch_norm", rules::batch_norm, "inference batch normalisation: one weight and bias a channel"},
    {"cat", rules::concatenate, "join along an axis"},
    {"constant", rules::source, "a stored constant"},
    {"conv", rules::conv, "convolution, 1-D and 2-D, with groups, stride, padding, dilation"},
    {"cos", rules::unary, "cosine, in radians"},
    {"div", rules::divide, "quotient of two operands, broadcasting"},
    {"erf", rules::unary, "error function"},
    {"exp", rules::unary, "exponential"},
    {"expand", rules::expand, "broadcast to a shape"},
    {"hardtanh", rules::hardtanh, "clamp to [min, max], ReLU6 included"},
    {"input", rules::source, "a network input"},
    {"leaky_relu", rules::leaky_relu, "x, or slope x for negative x"},
    {"linear", rules::linear, "dense layer over the last axis"},
    {"log", rules::unary, "natural logarithm"},
    {"matmul", rules::matmul, "matrix product"},
    {"max_pool", rules::max_pool, "maximum pooling, 1-D and 2-D, ceil mode"},
    {"mean", rules::mean, "mean over axes"},
    {"mul", rules::multiply, "product of two operands, broadcasting; a constant operand is a stored weight"},
    {"neg", rules::unary, "negation"},
    {"pad", rules::pad, "padding: constant, reflect, replicate, circular"},
    {"permute", rules::permute, "reorder axes"},
    {"pow", rules::power, "integer power"},
    {"prelu", rules::prelu, "leaky ReLU with stored slopes"},
    {"relu", rules::unary, "max(x, 0)"},
    {"reshape", rules::reshape, "flatten, view, reshape, squeeze, unsqueeze"},
    {"select", rules::select, "one index of an axis"},
    {"sigmoid", rules::unary, "1 / (1 + exp(-x))"},
    {"sin", rules::unary, "sine, in radians"},
    {"slice", rules::slice, "a range of an axis"},
    {"softmax", rules::softmax, "softmax along an axis"},
    {"sqrt", rules::unary, "square root"},
    {"stack", rules::stack, "join along a new axis"},
    {"sub", rules::subtract, "difference of two operands, broadcasting"},
    {"sum", rules::sum, "sum over axes"},
    {"tanh", rules::unary, "hyperbolic tangent"},
};

constexpr bool sorted_without_duplicates() {
  for (std::size_t i = 1; i < std::size(kEntries); ++i) {
    if (std::string_view(kEntries[i - 1].name) >= std::string_view(kEntries[i].name)) return false;
  }
  return true;
}
static_assert(sorted_without_duplicates());

const Entry* find_entry(const std::string& name) {
  const auto* at = std::lower_bound(std::begin(kEntries), std::end(kEntries), name,
                                    [](const Entry& entry, const std::string& key) { return entry.name < key; });
  return at != std::end(kEntries) && at->name == name ? at : nullptr;
}

}  // namespace

tl::unexpected<Diagnostic> misfit(const Node& node, const std::string& sentence) {
  return fail("E0402", sentence, node.name + (node.source.empty() ? "" : " (" + node.source + ")"));
}

bool is_constant(const Graph& graph, NodeId id) { return graph[id].op == "constant"; }

std::vector<OperatorEntry> operator_entries() {
  std::vector<OperatorEntry> entries;
  for (const Entry& entry : kEntries) entries.push_back({entry.name, entry.summary});
  return entries;
}

Result<LoweredGraph> lower(const Graph& graph) {
  LoweredGraph lowered{.graph = &graph, .nodes = {}};
  lowered.nodes.reserve(graph.nodes.size());
  for (const Node& node : graph.nodes) {
    const Entry* entry = find_entry(node.op);
    if (entry == nullptr) {
      std::vector<std::string> names;
      for (const Entry& known : kEntries) names.emplace_back(known.name);
      return fail("E0401", "operator '" + node.op + "' has no rule", node.name, nearest_help(node.op, names),
                  ExitCode::kUnsupportedOperator);
    }
    auto one = entry->rule(graph, node);
    if (!one) return fail(one.error());
    if (one->size != element_count(node.shape)) {
      return misfit(node, "its rule gives " + std::to_string(one->size) + " elements, the graph says " + to_string(node.shape));
    }
    lowered.nodes.push_back(*std::move(one));
  }
  return lowered;
}

}  // namespace halfulp
