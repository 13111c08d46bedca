// Small random networks, formats and inputs of every kind that the simulator distinguishes.
#pragma once

#include <memory>
#include <random>
#include <string>

#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp::testing {

using Random = std::mt19937_64;

std::int64_t pick(Random& random, std::int64_t low, std::int64_t high);
template <typename T>
const T& any_of(Random& random, const std::vector<T>& choices) {
  return choices[static_cast<std::size_t>(pick(random, 0, static_cast<std::int64_t>(choices.size()) - 1))];
}
// Multiples of 1/16, numbers of 53 bits, and numbers of any magnitude.
double random_value(Random& random);
std::vector<double> random_values(Random& random, std::size_t count);
// Any family, width, rounding and overflow mode.
Format random_format(Random& random);

struct Network {
  Graph graph;
  LoweredGraph lowered;
  FormatAssignment formats;

  NodeId append(const std::string& name, const std::string& op, LoweredNode node);
  std::size_t size_of(NodeId id) const { return static_cast<std::size_t>(lowered[id].size); }
};
// Owned by pointer, because `lowered` points to `graph`.
std::unique_ptr<Network> make_network(Random& random, std::int64_t input_elements);

// A map like a convolution's: runs of operands, padding, consecutive outputs.
LinearMap random_convolution(Random& random, std::int64_t inputs);

NodeId append_linear(Network& network, Random& random, NodeId x);
NodeId append_dot(Network& network, Random& random, NodeId x);
NodeId append_binary(Network& network, Random& random, NodeId x);
NodeId append_unary(Network& network, Random& random, NodeId x);
NodeId append_selection(Network& network, Random& random, NodeId x);
NodeId append_any(Network& network, Random& random, NodeId x);

}  // namespace halfulp::testing
