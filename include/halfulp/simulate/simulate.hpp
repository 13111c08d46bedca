// Runs a graph under a format assignment, bit for bit as the deployed arithmetic defines it (operators/form.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "halfulp/formats/exact.hpp"
#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

struct SimulateOptions {
  std::uint64_t seed = 0;    // of stochastic rounding; the stream is (seed, node, sample)
  bool force_rounded_path = false;  // always the general path, for tests of the exact BLAS path against it
};

// Called after each computed node, in graph order, from the thread of the run.
using NodeObserver = std::function<void(NodeId)>;

// A prepared run: constants rounded, accumulation paths chosen. Reusable for any number of samples, const and thread-safe. The
// lowered graph (and its graph) outlive it.
class Simulator {
 public:
  // Errors: E0501 a Linear, Dot, Binary (mul, div) or Unary (inexact) node has no `output` format and no accumulator that would
  // bound its value's width; E0502 a format without a value in it for a constant (weight overflows under `error`, or is
  // infinite in it); E0506 a power with an exponent beyond +-1024; E0311 a group format for `product` or `accumulator`;
  // E0507 a group format with an axis that the array does not have (lib/simulate/grouped.hpp says what shares a scale).
  static Result<Simulator> create(const LoweredGraph& graph, const FormatAssignment& formats,
                                  const SimulateOptions& options = {});

  // One sample: inputs[i] are the elements of graph input i. Result: values of each graph output, exact.
  // Errors: E0503 NaN or infinity in an input; E0504 overflow under OverflowMode::kError, naming node and element;
  // E0505 a NaN arose (log of a negative number, inf - inf); E0501 a sum without an `output` format outgrew an Expansion.
  Result<std::vector<std::vector<Expansion>>> run(const std::vector<std::vector<double>>& inputs,
                                                  std::uint64_t sample = 0, const NodeObserver& observer = {}) const;
  // Values of every node (indexed by NodeId), for tests of the analysis' layer bounds.
  Result<std::vector<std::vector<Expansion>>> run_all(const std::vector<std::vector<double>>& inputs,
                                                      std::uint64_t sample = 0) const;
  // Nodes whose accumulation the formats alone prove exact, so that it takes the BLAS path for every input. Others take it
  // for samples whose values allow it.
  std::vector<NodeId> exact_path_nodes() const;

  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;
  ~Simulator();

 private:
  struct Plan;
  explicit Simulator(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

// The graph in plain float64 (or with every result rounded to float32, `single`): the reference of observed errors.
std::vector<std::vector<double>> run_float(const LoweredGraph& graph, const std::vector<std::vector<double>>& inputs,
                                           bool single = false);

}  // namespace halfulp
