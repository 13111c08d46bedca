// The operations of one inference in one node.
#pragma once

#include <vector>

#include "carrier.hpp"

namespace halfulp {

// A list of operations that grows by what an exact description of a step needs.
class Operations {
 public:
  void add(Operation operation, const Operands& operands, double count);
  void multiply(const Carrier& a, const Carrier& b, double count);  // exact product
  void multiply_rounded(const Carrier& a, const Carrier& b, const Carrier& to, double count);
  void sum(const Carrier& a, const Carrier& b, double count);       // exact sum of two values
  void convert(const Carrier& from, const Carrier& to, double count);
  // acc = rounded(acc + term); `is_exact`: the accumulator never rounds or overflows.
  void accumulate(const Carrier& term, const Carrier& accumulator, bool is_exact, double count);

  std::vector<OperationUse> uses;

 private:
  Carrier decoded(const Carrier& carrier, double count);
  void multiply_plain(const Carrier& a, const Carrier& b, double count);
  void convert_plain(const Carrier& from, const Carrier& to, double count);
};

// Arithmetic, then memory traffic.
std::vector<OperationUse> operations_of(const LoweredGraph& graph, const FormatAssignment& formats, NodeId id,
                                        const CostModel::Counts& counts, Carriers& carriers);
void append_traffic(Operations& operations, const LoweredGraph& graph, const FormatAssignment& formats, NodeId id,
                    const CostModel::Counts& counts, Carriers& carriers);
// Bits of all stored parameters of a node.
double parameter_bits(const CostModel::Counts& counts, const NodeFormats& formats);
double activation_bits(const LoweredNode& node, const NodeFormats& formats);

}  // namespace halfulp
