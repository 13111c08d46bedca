// Error bounds with the unit roundoff left symbolic: one run serves every precision (Lauter and Volkova, "A framework for
// semi-automatic precision and accuracy analysis for fast and rigorous deep learning", arXiv 2002.03869).
//
// Deployed network: every role is a binary float of p significand bits, p the same everywhere, exponent unbounded, rounding to
// nearest, u = 2^-p. (Directed rounding: the same coefficients with u = 2^(1-p).) Roles as `--uniform` gives them: inputs, weights,
// biases and results are rounded, sums are exact before they are rounded once; with `rounded_sums` every product and every addition,
// in sequence from the bias, is rounded as well.
//
// With d(u) = deployed - real at precision u, every node's difference is enclosed as
//   |d_i(u)| <= c_i u   for all u <= u0 = 2^-p0:
// slopes are enclosed over the values that every u <= u0 can take, and what a node's own roundings add is at most u times the
// binade of a value. c_i is therefore a number for each p0, a rung; it falls as p0 rises and tends to the first-order coefficient. The bound at
// precision p is c_i 2^-p with the c_i of the highest rung p0 <= p.
#pragma once

#include <optional>
#include <vector>

#include "halfulp/analysis/analysis.hpp"

namespace halfulp {

struct ParametricOptions {
  AnalyzeOptions analyze;       // method, work limit, and split_boxes: twice the parts of a box of few inputs
  bool exact_weights = false;   // weights and biases are not rounded (else: known to be exact once p holds all their bits)
  bool exact_inputs = false;
  bool rounded_sums = false;
  int max_precision = 64;       // the highest rung
  std::size_t output = 0;       // the graph output that coefficients and argmax speak of
  std::vector<double> margins;  // of the real network: first minus second value
};

inline constexpr int kHighestPrecision = 400;

// What holds for every precision >= p. Coefficients are infinite where nothing is proved.
struct PrecisionRung {
  int p = 0;
  std::vector<double> absolute;  // |deployed - real| <= absolute[i] 2^-p', outward
  std::vector<double> relative;  // |deployed - real| <= relative[i] 2^-p' |real|; infinite where the real value can be 0
  double largest = 0;            // of absolute
  double difference = 0;         // of |d_i - d_j| over all pairs of elements
  double kept = 0;               // share of the set (volume of the box, samples) whose argmax is proved to be kept at p
};

struct MarginVerdict {
  double margin = 0;
  std::optional<int> precision;  // the smallest p proved: wherever the real margin is at least `margin`, the argmax is kept
};

struct ParametricAnalysis {
  std::vector<PrecisionRung> rungs;       // ascending p
  std::vector<MarginVerdict> margins;
  std::optional<int> keeps_argmax;        // the smallest p proved to keep the argmax on the whole set
  std::vector<std::optional<int>> cases;  // the same for each sample, or each sub-box
  std::vector<std::int64_t> classes;      // argmax of the real network on each, -1 where it is not unique
  double seconds = 0;
};

// The bound of |deployed - real| at precision p, rounded up, for the element; infinity below the lowest finite rung.
double error_at(const ParametricAnalysis& analysis, int p, std::size_t element);

// Errors: E0601 the box does not fit, E0604 no such output.
Result<ParametricAnalysis> analyze_parametric(const LoweredGraph& graph, const InputBox& box, const ParametricOptions& options = {});
// Each sample, or the ball around it; coefficients are the largest over the samples.
Result<ParametricAnalysis> analyze_parametric(const LoweredGraph& graph, const DataSet& data, const ParametricOptions& options = {});

}  // namespace halfulp
