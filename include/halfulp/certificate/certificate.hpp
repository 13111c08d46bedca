// A certificate holds what is needed to prove claims again without any search: how the input box is bisected, which linear bounds
// enclose each element-wise function, where an intermediate value is bounded by a backward pass of its own. The replay (replay.hpp
// in lib/certificate) takes these choices, trusts none of them, and computes in MPFR intervals: any slope gives a true linear
// bound once its intercept is computed, any bisection covers the box. A bad choice can only make the replay prove less.
//
// report/certificate_json.hpp has the form on disk. docs/soundness.md lists what must be trusted.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "halfulp/enclosure/interval.hpp"
#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

using CertifiedBox = std::vector<std::vector<Interval>>;  // for each graph input, one interval an element

// lower_slope x + a <= f(x) <= upper_slope x + b: the replay finds a and b.
struct SlopePair {
  double lower = 0, upper = 0;
};

// Choices for one input set; by node, then by element.
struct ProofSteps {
  std::map<NodeId, std::map<std::int64_t, SlopePair>> slopes;     // Unary nodes; absent: constant bounds, or the exact line
  // Unary nodes: the multiplier m that stands for the chord slopes S of an element: S d = m d + (S - m) d, the last term bounded here.
  std::map<NodeId, std::map<std::int64_t, double>> multipliers;
  std::map<NodeId, std::vector<std::int64_t>> tighten_range;      // elements whose real range gets a backward pass
  std::map<NodeId, std::vector<std::int64_t>> tighten_error;      // elements whose difference gets a reverse pass
};

// Bisection of the box, in preorder: a cut has two subtrees (below, above), a leaf is one ProofSteps of `Certificate::steps`.
struct Cut {
  std::int64_t input = -1, element = 0;  // input -1: a leaf
  double at = 0;
};

struct SampleClaim {
  std::int64_t real_class = -1;  // argmax of the real network, -1: not claimed
  bool argmax_kept = false;      // deployed argmax = real_class on the whole ball
  double error_bound = 0;        // max norm over all outputs
};

struct Certificate {
  std::string tool;
  int bits = 128;                  // working precision of the replay
  std::string network_sha256;      // of the graph's flat encoding: every weight, shape and operator
  std::vector<std::string> formats;  // one line a node with formats: "fc1 weight fixed<8,2> output fixed<12,4> order tree"
  std::string set_sha256;          // of the box or of samples and radius
  std::size_t output = 0;          // the graph output that argmax claims speak of

  std::vector<Cut> bisection;      // boxes; empty for data sets
  std::vector<ProofSteps> steps;   // one a leaf, or one a sample

  // Claims.
  std::vector<std::vector<Interval>> ranges;  // boxes: of every output's elements, real network
  std::vector<std::vector<double>> errors;    // boxes: |deployed - real| of every output's elements
  std::vector<SampleClaim> samples;           // data sets
  bool overflow_free = false;                 // no value leaves its format
};

// The input set that a certificate speaks of: a box, or samples with a radius.
struct CertifiedSet {
  const CertifiedBox* box = nullptr;
  const std::vector<std::vector<std::vector<double>>>* samples = nullptr;
  double radius = 0;
};

std::string network_hash(const Graph& graph);
std::vector<std::string> format_lines(const Graph& graph, const FormatAssignment& formats);
std::string set_hash(const CertifiedSet& set);

// What the steps prove: a certificate with the same identity and steps, and the claims that hold. Errors: E0623 steps that do not fit the
// network, E0624 a format family or operator that the replay has no rule for.
Result<Certificate> replay(const LoweredGraph& graph, const FormatAssignment& formats, const CertifiedSet& set, const Certificate& steps);

// Replays the certificate and compares: one sentence for each claim that is not proved, empty when all are. Identity first: another
// network, other formats or another input set is a refusal as well.
Result<std::vector<std::string>> check_certificate(const LoweredGraph& graph, const FormatAssignment& formats, const CertifiedSet& set,
                                                   const Certificate& certificate);

}  // namespace halfulp
