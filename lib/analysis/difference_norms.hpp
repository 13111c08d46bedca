// The scaled norms of all nodes' differences, in units of u, kept beside the element bounds of a parametric pass (scaled_norm.hpp), and
// their generators between two nonlinear layers (generators.hpp).
#pragma once

#include "halfulp/analysis/analysis.hpp"
#include "generators.hpp"
#include "state.hpp"

namespace halfulp {

// What one node does to its operands' differences, as far as norms need it.
struct NodeSteps {
  std::vector<double> own;           // |r_i|: what is added before the output rounding, the operands' differences left aside
  std::vector<double> later;         // size of the output rounding to come; empty: none
  std::vector<double> slope;         // Unary, Binary: magnitudes of the slopes to operand 0
  std::vector<double> slope_right;   // Binary: to operand 1
};

class DifferenceNorms {
 public:
  explicit DifferenceNorms(const LoweredGraph& graph) : graph_(graph), norms_(graph.nodes.size()), generators_(graph.nodes.size()) {}

  // Lowers `before`, bounds of |difference| before the output rounding.
  void before_rounding(NodeId id, const States<Interval>& states, const NodeSteps& steps, std::vector<double>& before);
  // `rounding` is what the output rounding adds; `error` bounds the sum.
  void after_rounding(NodeId id, const std::vector<double>& rounding, const std::vector<double>& error);

  double bound(NodeId id, std::size_t element) const;

 private:
  void linear(NodeId id, const LinearMap& map, const std::vector<double>& bound, const NodeSteps& steps, std::vector<double>& before);
  void sum_of_generators(NodeId id, const BinaryForm& form, const NodeSteps& steps, std::vector<double>& before);
  void take_nearer(NodeId id, const LinearMap* map, const Generators* operand);
  ScaledNorm gather(const LoweredNode& node, const GatherForm& form, const NodeSteps& steps) const;
  ScaledNorm maximum(const LoweredNode& node, const MaxForm& form) const;
  ScaledNorm binary(const LoweredNode& node, const BinaryForm& form, const NodeSteps& steps) const;
  const ScaledNorm& of(NodeId id) const { return norms_[static_cast<std::size_t>(id)]; }

  const LoweredGraph& graph_;
  std::vector<ScaledNorm> norms_;
  std::vector<std::shared_ptr<Generators>> generators_;  // nullptr: none are kept
};

}  // namespace halfulp
