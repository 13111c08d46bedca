// The state of a replay over one input set, node by node, and the passes over it.
#pragma once

#include <optional>
#include <vector>

#include "constants.hpp"
#include "halfulp/certificate/certificate.hpp"

namespace halfulp::certificate {

// What does not depend on the input set.
struct Network {
  const LoweredGraph* graph = nullptr;
  const FormatAssignment* formats = nullptr;
  std::vector<bool> needed;                 // an output depends on the node
  std::vector<Constants> weight, bias;      // Linear; leaky slopes as weight; a constant operand of Binary as weight or bias
  const LoweredNode& operator[](NodeId id) const { return (*graph)[id]; }
  const Constants& weights(NodeId id) const { return weight[static_cast<std::size_t>(id)]; }
  const Constants& biases(NodeId id) const { return bias[static_cast<std::size_t>(id)]; }
  // The constant operand of a Binary node.
  const Constants& operand(NodeId id) const { return weights(id).real.empty() ? biases(id) : weights(id); }
  bool is_constant(NodeId id) const {
    const auto* source = std::get_if<SourceForm>(&(*graph)[id].form);
    return source != nullptr && source->is_constant;
  }
};
// Errors: E0624.
Result<Network> network_of(const LoweredGraph& graph, const FormatAssignment& formats);

// Elements of `id` in one of the lists of ProofSteps.
const std::vector<std::int64_t>& listed(const std::map<NodeId, std::vector<std::int64_t>>& lists, NodeId id);

struct NodeProof {
  std::vector<M> real, deployed;       // values of the real and of the deployed network
  std::vector<M> error;                // deployed - real
  std::vector<M> inner, rounding;      // what the node adds to the difference itself: before, and by, its output rounding
  std::vector<M> slope, slope_right;   // of the difference with respect to the operands'
  std::vector<std::int32_t> chosen;    // Max: the only candidate, or -1
  Grid grid;
  bool overflow = false;
};

using Proof = std::vector<NodeProof>;

inline const NodeProof& at(const Proof& proof, NodeId id) { return proof[static_cast<std::size_t>(id)]; }

// Values of one node from its operands', in the real or in the deployed network (before its output rounding).
std::vector<M> node_values(const Network& network, const Proof& proof, NodeId id, bool deployed);

// A lower bound of sum_i functional[i] real[target][i] over the input set, by the linear bounds whose slopes `steps` gives.
double lower_bound(const Network& network, const Proof& proof, const ProofSteps& steps, NodeId target, std::vector<M> functional);

// sum_i functional[i] error[target][i]; without the target's own output rounding if `before_rounding`.
M difference(const Network& network, const Proof& proof, NodeId target, std::vector<M> functional, bool before_rounding);

// Slopes, perturbations, differences and deployed values of one node.
void fill_difference(const Network& network, Proof& proof, const ProofSteps& steps, NodeId id);

// The whole pass over one input set.
Proof prove(const Network& network, const CertifiedBox& box, const ProofSteps& steps);

}  // namespace halfulp::certificate
