// What Simulator::create prepares, and the execution of each form on it.
#pragma once

#include <string>

#include "accumulate.hpp"
#include "chain/chain.hpp"
#include "chunks.hpp"
#include "grouped.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "value_grid.hpp"

namespace halfulp {

namespace sim {

// Constants of one node, rounded to their roles.
struct NodePlan {
  Values constant;                       // a constant's own values, where some node computes with them
  Values weight, bias;                   // Linear
  std::optional<ValueGrid> weight_grid;  // `bound` is the largest magnitude
  std::vector<Chunk> weight_chunks;      // empty: too many or all zero
  double weight_row_sum = 0;             // max over outputs of the sum of |weight|
  std::optional<ValueGrid> bias_grid;    // nullopt for both grids: values near the limits of double
  Values slope;                          // leaky relu
  Values left, right;                    // Binary: constant operands, rounded
  std::optional<Format> group_output;    // a group format of the whole result; the node's `output` is then grouped_carrier()
  ArrayLayout layout;                    // of the result
  std::shared_ptr<const ChainPlan> chain;  // if the node heads one
  std::shared_ptr<const UnitPlan> in_units;
  bool exact = false;                    // the formats alone prove that the accumulation needs no rounding
};

// One node at work: its formats, its constants and its operands' values.
struct NodeRun {
  const NodeFormats& formats;
  const NodePlan& plan;
  StreamKey key;
  std::vector<const Values*> operands;
  bool force_rounded_path = false;

  const Values& operand(std::size_t i = 0) const { return *operands[i]; }
  Rounder rounder(RoleIndex role) const;
  DotRounding dot_rounding(std::uint64_t depth) const;
};

// nullopt: a value that no role rounds outgrows an Expansion. Errors inside a value show as NaN.
using Outcome = std::optional<Values>;

Outcome run_linear(const LinearForm& form, const NodeRun& run);
// Exact accumulation of operands too wide for one product of matrices; nullopt where it does not apply or does not pay.
Outcome run_linear_in_chunks(const LinearMap& map, const NodeRun& run, const ValueGrid& x);
// Exact accumulation, rounded to odd before `output`, where the products are those of integers or each sum is one product and a bias.
Outcome run_linear_to_odd(const LinearMap& map, const NodeRun& run, const ValueGrid& x);
Outcome run_dot(const DotForm& form, const NodeRun& run);
Outcome run_unary(const UnaryForm& form, const NodeRun& run);
Outcome run_binary(const BinaryForm& form, const NodeRun& run);
Outcome run_gather(const GatherForm& form, std::int64_t size, const NodeRun& run);
Outcome run_max(const MaxForm& form, const NodeRun& run);
Outcome run_softmax(const SoftmaxForm& form, const NodeRun& run);

// Whether W x + b (or a . b) is exact in double arithmetic in any order, and no given role would round or overflow.
bool accumulation_is_exact(const NodePlan& plan, const NodeFormats& formats, const ValueGrid& x);
// The grid of all partial sums of a Linear node. Requires the grids of its constants.
ValueGrid sums_of(const NodePlan& plan, const ValueGrid& x);
// The second half of that for a Linear node alone.
bool roles_are_transparent(const NodePlan& plan, const NodeFormats& formats, const ValueGrid& x);
bool accumulation_is_exact(const DotForm& form, const NodeFormats& formats, const ValueGrid& a, const ValueGrid& b);

struct Preparation {
  const LoweredGraph* graph = nullptr;
  FormatAssignment formats;
  SimulateOptions options;
  std::vector<NodePlan> nodes;
  std::vector<NodeId> last_use;  // of each node's values; -1: none, or an output of the graph

  const LoweredNode& lowered(std::size_t id) const { return graph->nodes[id]; }
  const std::string& name(std::size_t id) const { return graph->graph->nodes[id].name; }
};

}  // namespace sim

struct Simulator::Plan : sim::Preparation {};

}  // namespace halfulp
