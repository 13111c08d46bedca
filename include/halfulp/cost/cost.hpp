// What a schedule costs on a target.
//
//   weight_bits     = sum over stored parameters of the width of their format
//   activation_bits = sum over nodes with an `output` format of width times elements
//   total           = weight_bits * per_weight_bit + activation_bits * per_activation_bit
//
// Stored parameters are weights (slopes of leaky_relu and prelu among them) and biases; structural weights (mean, sum, the ones of
// an addition) are not stored. A parameter whose role has no format is stored as the double it is: 64 bits.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"
#include "halfulp/support/result.hpp"

namespace halfulp {

// A record of rules/targets/NAME.toml.
struct Target {
  std::string name = "bits";
  std::string summary;
  double per_weight_bit = 1;
  double per_activation_bit = 0;
};

// Errors: E0701 no target of that name (nearest known name as help), E0702 a target file that does not read.
Result<Target> read_target(const std::string& name);
// Names of all targets, sorted.
Result<std::vector<std::string>> target_names();

struct Cost {
  double weight_bits = 0;        // weights and biases of all nodes
  double mean_weight_bits = 0;   // weight_bits / number of stored parameters; 0 without parameters
  double activation_bits = 0;    // widths times elements of every node with an output format
  double total = 0;              // what the target minimises
  std::map<std::string, double> named() const;
};

Cost cost_on(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats);
// The target `bits`: total = weight_bits.
Cost storage_cost(const LoweredGraph& graph, const FormatAssignment& formats);

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
