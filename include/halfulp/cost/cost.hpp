// What a schedule costs on a target. The target `bits` counts storage bits of weights and biases.
#pragma once

#include <map>
#include <string>

#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

struct Cost {
  double weight_bits = 0;        // weights and biases of all nodes
  double mean_weight_bits = 0;   // weight_bits / number of stored parameters
  double activation_bits = 0;    // widths times elements of every node with an output format
  double total = 0;              // what the target minimises
  std::map<std::string, double> named() const;
};

Cost storage_cost(const LoweredGraph& graph, const FormatAssignment& formats);

// Stored parameters of a node: weights (or slopes) and biases.
struct ParameterCount {
  double weights = 0, biases = 0;
};
ParameterCount parameters_of(const LoweredGraph& graph, NodeId node);

}  // namespace halfulp
