// What a schedule costs on a target.
//
//   weight_bits     = sum over stored parameters of the width of their format
//   activation_bits = sum over nodes with an `output` format of width times elements
//   component c     = sum over the operations of one inference of the target's tables for c (operation.hpp)
//   total           = weight_bits * per_weight_bit + activation_bits * per_activation_bit + sum over c of c * price(c)
//
// Stored parameters are weights (slopes of leaky_relu and prelu among them) and biases; structural weights (mean, sum, the ones of
// an addition) are not stored. A parameter whose role has no format is stored as the double it is: 64 bits.
//
// Which operations a node needs, and what is assumed of values that no format rounds, says docs/targets.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "halfulp/cost/operation.hpp"
#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"
#include "halfulp/support/result.hpp"

namespace halfulp {

enum class Counting : std::uint8_t {
  kEveryOperation,  // each operation of one inference counts: energy, a fully parallel circuit's area, or area x cycles of one unit
  kUnitANode,       // one unit of each kind a node, however often it is used: the area of a time-multiplexed circuit
};

// A record of rules/targets/NAME.toml.
struct Target {
  std::string name = "bits";
  std::string summary;
  double per_weight_bit = 1;
  double per_activation_bit = 0;
  Counting counting = Counting::kEveryOperation;
  Format exact_value = make_fixed(16, 8);    // how a value of unknown width (an unrounded input or function) is carried
  std::map<std::string, double> prices = {};  // of components in `total`; a component without a price counts nothing
  std::vector<OperationTable> tables = {};
};

// `name` is a record of rules/targets, or the path of a target file if it ends in ".toml".
// Errors: E0711 no target of that name (nearest known name as help), E0712 a target file that does not read, with file:line:column.
Result<Target> read_target(const std::string& name);
// Names of all targets in rules/targets, sorted.
Result<std::vector<std::string>> target_names();

struct Cost {
  double weight_bits = 0;        // weights and biases of all nodes
  double mean_weight_bits = 0;   // weight_bits / number of stored parameters; 0 without parameters
  double activation_bits = 0;    // widths times elements of every node with an output format
  double total = 0;              // what the target minimises
  std::map<std::string, double> components = {};  // of the target's tables
  std::map<std::string, double> named() const;    // all of the above by name
};

// Bits of the exact accumulator of each node where an analysis knows them; by NodeId. Empty: from formats and lengths alone.
using AccumulatorBits = std::vector<std::optional<int>>;

Cost cost_on(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats,
             const AccumulatorBits& accumulator_bits = {});
// The target `bits`: total = weight_bits.
Cost storage_cost(const LoweredGraph& graph, const FormatAssignment& formats);

// The same costs node by node, for searches: what does not depend on formats is counted once, in the constructor.
// total = sum of node(formats, id) over all nodes, up to the rounding of the sum.
class CostModel {
 public:
  // Target and graph outlive the model.
  CostModel(const Target& target, const LoweredGraph& graph, AccumulatorBits accumulator_bits = {});

  // A node's share of `total`. It depends on the node's own formats and on how its operands arrive: their producers' `output`
  // (or `input`) formats, through nodes that round nothing.
  double node(const FormatAssignment& formats, NodeId id) const;
  Cost total(const FormatAssignment& formats) const;
  // The operations of one inference in a node.
  std::vector<OperationUse> operations(const FormatAssignment& formats, NodeId id) const;
  // The nodes whose share may change with node `id`'s formats: itself, and its consumers, through nodes that round nothing. Ascending.
  std::vector<NodeId> affected_by(const FormatAssignment& formats, NodeId id) const;

  // Format-independent counts of a node.
  struct Counts {
    double weights = 0, biases = 0;  // stored parameters
    double terms = 0;                // products (Linear, Dot), comparisons (Max), exponentials (Softmax)
    double scaled_outputs = 0;       // Linear: outputs whose divisor is no power of two
    double longest_sum = 0;          // terms of the longest dot product, its bias included
  };

 private:
  const Target& target_;
  const LoweredGraph& graph_;
  AccumulatorBits accumulator_bits_;
  std::vector<Counts> counts_;
};

double node_cost(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats, NodeId id);

// Stored parameters of a node: weights (or slopes) and biases.
struct ParameterCount {
  double weights = 0, biases = 0;
};
ParameterCount parameters_of(const LoweredGraph& graph, NodeId node);

// The values of those parameters, as the roles `weight` and `bias` round them. A prelu's slopes come one a channel.
struct ParameterValues {
  std::vector<double> weights, biases;
};
ParameterValues parameter_values(const LoweredGraph& graph, NodeId node);

}  // namespace halfulp
