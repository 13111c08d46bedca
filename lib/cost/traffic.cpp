// Memory traffic of one inference: every parameter is read once, from a memory that holds its node's parameters; every element of a
// stored operand is read once by each node that computes with it; every rounded output is written once. Element-wise nodes without
// an output format run on the way to their consumer and touch no memory.
#include "operations.hpp"

namespace halfulp {
namespace {

constexpr double kBitsPerKilobyte = 8 * 1024;

bool reads_memory(const LoweredNode& node, const NodeFormats& formats) {
  if (std::holds_alternative<SourceForm>(node.form)) return false;
  if (formats.output) return true;
  return std::holds_alternative<LinearForm>(node.form) || std::holds_alternative<DotForm>(node.form) ||
         std::holds_alternative<SoftmaxForm>(node.form) || std::holds_alternative<BinaryForm>(node.form);
}

void move(Operations& operations, Operation operation, double bits) {
  operations.add(operation, {.kilobytes = bits / kBitsPerKilobyte}, bits);
}

}  // namespace

void append_traffic(Operations& operations, const LoweredGraph& graph, const FormatAssignment& formats, NodeId id,
                    const CostModel::Counts& counts, Carriers& carriers) {
  const NodeFormats& own = formats[static_cast<std::size_t>(id)];
  move(operations, Operation::kParameterRead, parameter_bits(counts, own));
  if (reads_memory(graph[id], own)) {
    for (const NodeId operand : graph[id].operands) {
      const bool is_constant = (*graph.graph)[operand].op == "constant";
      if (!is_constant) move(operations, Operation::kActivationRead, carriers.of(operand).width_bits * static_cast<double>(graph[operand].size));
    }
  }
  move(operations, Operation::kActivationWrite, activation_bits(graph[id], own));
}

}  // namespace halfulp
