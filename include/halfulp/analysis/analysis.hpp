// Proved ranges, error bounds, overflow verdicts and argmax certificates of a network under a format assignment.
//
// With v the real network's values, v^ the deployed ones and d = v^ - v, every node obeys exactly
//   d_out = S d_in + rho,
// S the chord slopes of the node between v and v^ (for y = W x: S = W; for an element-wise f: a value of f' between them, by
// the mean value theorem), rho what the node's own roundings add. Unrolled backwards from a functional c of the outputs,
//   c . d_out = sum over nodes of G_node . rho_node,   G by one reverse interval pass:
// no linearisation is dropped, and cancellation between signed weights is kept. Weight residuals enter rho with their known sign.
// Ranges: forward intervals intersected with backward linear relaxation (CROWN, Zhang et al. 2018; DeepPoly, Singh et al. 2019),
// both rounded outward; or, with the method affine, with affine forms (lib/analysis/affine_forms.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "halfulp/enclosure/interval.hpp"
#include "halfulp/operators/form.hpp"
#include "halfulp/parallel/workers.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

enum class Engine : std::uint8_t { kFast, kMpfr };
enum class Method : std::uint8_t { kAuto, kInterval, kBackward, kSplit, kAffine };

// Proved ranges of the real network's values over one box, indexed by NodeId.
using RealRanges = std::vector<std::vector<Interval>>;

// Inputs whose interval encloses one decimal number: by graph input and element; an input without any may be empty.
using InputDecimals = std::vector<std::vector<std::optional<DecimalPoint>>>;

struct AnalyzeOptions {
  Engine engine = Engine::kFast;
  int bits = 128;                     // working precision of kMpfr
  Method method = Method::kAuto;      // kInterval: forward intervals and |W| error propagation only
  double work_limit = 4e9;            // multiply-adds an analysis may spend on backward passes to inner nodes
  int slope_steps = 20;               // gradient steps that choose relaxation slopes for each bound of a range
  double search_limit = 1e9;          // plain multiply-adds that these may spend
  int split_boxes = 0;                // sub-boxes that input bisection may analyse (few inputs only); 0: none
  bool layer_errors = true;           // sharp error bounds of every node; else of outputs and of elements whose sign is open, forward ones elsewhere
  // Of the same graph and box: taken as they are, so that a search over formats proves them once. kFast only.
  const RealRanges* known_ranges = nullptr;
  const InputDecimals* decimals = nullptr;
};

// The set of inputs that the statement is about: for each graph input, one interval an element.
using InputBox = std::vector<std::vector<Interval>>;

// kSlope is no rounding: it is what undecided ReLUs, open slopes and undecided maxima of a node leave of its operands' differences.
enum class Role : std::uint8_t { kInput, kWeight, kBias, kProduct, kAccumulator, kOutput, kSlope };
const char* to_string(Role role);

// What one role of one node adds to the error bound of the worst output element (absolute, outward).
struct Contribution {
  NodeId node = 0;
  Role role = Role::kOutput;
  double amount = 0;
};

// A place where the exact value can leave the format's range.
struct OverflowPlace {
  NodeId node = 0;
  Role role = Role::kOutput;      // kOutput, kAccumulator, kProduct, kWeight (constant does not fit), kInput
  Interval needed;                // range the value can take
  std::string format;
  int missing_bits = 0;           // integer bits (fixed) that would remove it; 0 if unknown
};

// Adds a place, or widens what is known of the same node and role.
void add_overflow(std::vector<OverflowPlace>& places, const OverflowPlace& place);

// Per element of one node. All enclosures outward; status proved.
struct NodeBounds {
  std::vector<Interval> real;      // values of the real network
  std::vector<Interval> deployed;  // values of the deployed network
  std::vector<Interval> error;     // deployed - real, signed
};

struct BoxAnalysis {
  std::vector<NodeBounds> nodes;             // indexed by NodeId; empty vectors for unused constants
  std::vector<Contribution> contributions;   // to the worst output element over all outputs, largest first
  std::vector<OverflowPlace> overflows;      // empty: no overflow, proved
  double max_error = 0;                      // over all elements of all outputs
  double seconds = 0;                        // of the analysis itself
};

// Sub-boxes that bisection may analyse in a fraction of a second on a present-day core (kSplit: some seconds), from the network's size: a fixed number for a
// network and a method, so that results do not depend on the machine. 0 for kInterval, kBackward and kAffine.
int split_budget(const LoweredGraph& graph, Method method);

// Without `formats`: ranges of the real network only (deployed = real, error = 0).
// Errors: E0601 the box does not fit the graph's inputs; E0602 a constant has no value in its format.
Result<BoxAnalysis> analyze_box(const LoweredGraph& graph, const std::optional<FormatAssignment>& formats,
                                const InputBox& box, const AnalyzeOptions& options = {});

// The ranges alone, for AnalyzeOptions::known_ranges.
Result<RealRanges> real_ranges(const LoweredGraph& graph, const InputBox& box, const AnalyzeOptions& options = {});

// Width in bits that an exact accumulator of the node needs (sign included), and its lsb exponent; nullopt if the operands' grid
// is unknown (exact inputs).
struct AccumulatorWidth {
  int width_bits = 0;
  int lsb_exponent = 0;
};
std::vector<std::optional<AccumulatorWidth>> accumulator_widths(const LoweredGraph& graph, const FormatAssignment& formats,
                                                                const BoxAnalysis& analysis);

// Data-set mode: every sample, or the ball of `radius` (max norm) around it.
struct DataSet {
  std::vector<std::vector<std::vector<double>>> samples;  // sample, graph input, element
  std::vector<std::int64_t> labels;                       // may be empty
  double radius = 0;
};

// The ball around one sample in the max norm, rounded outward; radius 0: the sample itself.
InputBox ball(const std::vector<std::vector<double>>& sample, double radius);

struct SampleVerdict {
  std::int64_t real_class = -1;      // argmax of the real network at the sample, -1 if not unique within its enclosure
  bool argmax_proved = false;        // deployed argmax = real_class for the whole ball
  bool argmax_observed = false;      // simulated argmax at the sample equals the real one
  double error_bound = 0;            // proved, max norm over outputs
  double observed_error = 0;         // |simulated - real| at the sample, max norm, rounded up
  double seconds = 0;
  // DataAnalyzeOptions::margins: the largest share of a class margin that the bound of its error takes, over the rivals: the argmax
  // is proved below 1. Infinite where a margin is not positive. And what each role adds to that share.
  double margin_use = 0;
  std::vector<Contribution> margin_contributions;
};

struct DataAnalysis {
  std::vector<SampleVerdict> samples;
  std::vector<NodeBounds> hull;           // union over samples of each node's bounds
  std::vector<OverflowPlace> overflows;   // of any sample
  std::vector<Contribution> contributions;  // of the sample with the largest bound
  double proved_share = 0, observed_share = 0;
  double mean_bound = 0, max_bound = 0, max_observed_error = 0;
  double seconds = 0;
};

struct DataAnalyzeOptions {
  AnalyzeOptions analyze;
  bool simulate = true;              // fill the observed fields
  std::size_t output = 0;            // which graph output holds the logits
  unsigned threads = 1;
  std::optional<double> stop_below_share;  // stop early once this proved share is out of reach (threads 1, no workers)
  bool margins = false;              // fill margin_use and margin_contributions: every rival is bounded, those far off too
  bool output_bounds = true;         // false: error_bound and contributions from the forward pass alone, for callers who need the argmax only
  Workers* workers = nullptr;        // processes that share the samples, each with `threads`; nullptr: this one alone
};

Result<DataAnalysis> analyze_data(const LoweredGraph& graph, const FormatAssignment& formats, const DataSet& data,
                                  const DataAnalyzeOptions& options = {});

}  // namespace halfulp
