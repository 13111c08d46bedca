// What of an analysis does not depend on the input set: deployed constants, their residuals, which values lie on which grid.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "halfulp/analysis/analysis.hpp"
#include "linear_kernels.hpp"
#include "rounding_error.hpp"

namespace halfulp {

// Constants of one node as deployed: within value_radius of `value` (stochastic rounding leaves the value open: the proof holds
// for every seed). residual = deployed - real, within residual_radius. Empty radii are zero.
struct DeployedConstants {
  std::vector<double> value, value_radius, residual, residual_radius;
  bool exact = true;   // every residual and radius is zero
  int lsb = 0;         // all values are multiples of 2^lsb
  bool empty() const { return value.empty(); }
  Interval deployed(std::size_t i) const { return around(value, value_radius, i); }
  Interval difference(std::size_t i) const { return around(residual, residual_radius, i); }

 private:
  static Interval around(const std::vector<double>& centre, const std::vector<double>& radius, std::size_t i) {
    return radius.empty() ? Interval(centre[i]) : Interval(centre[i]) + Interval(-radius[i], radius[i]);
  }
};

struct PreparedNode {
  DeployedConstants weight;   // Linear weights, leaky slopes, or the constant operand of Binary mul / div
  DeployedConstants bias;     // Linear biases, or the constant operand of Binary add / sub
  double work = 0;            // multiply-adds of one application
};

struct Prepared {
  const LoweredGraph* graph = nullptr;
  std::shared_ptr<const LoweredGraph> shared_graph;  // what `graph` points to where equal nodes are read as one (equal_nodes.hpp)
  FormatAssignment formats;     // all-exact when only ranges are asked
  bool with_formats = false;
  bool keep_gaps = false;       // states hold the squared gaps of random roundings (probable.hpp)
  std::vector<PreparedNode> nodes;
  std::vector<bool> needed;     // an output depends on the node (constants that became weights are not needed)
  std::vector<bool> direct;     // a Linear node of elements that vary independently: forward intervals are its exact ranges
  std::vector<double> work_above;  // multiply-adds of one row pulled back from the node to the inputs
  std::vector<OverflowPlace> constant_overflows;
};

// Errors: E0602 a constant that its format cannot hold as a double.
Result<Prepared> prepare(const LoweredGraph& graph, const std::optional<FormatAssignment>& formats);

// For a Binary node, its constant operand's deployed values (or nullptr).
const DeployedConstants* constant_operand(const Prepared& prepared, NodeId node);

}  // namespace halfulp
