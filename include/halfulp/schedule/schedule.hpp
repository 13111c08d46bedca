// The precision schedule: which format each role of each graph node has, what is claimed of the result, and where it came
// from. On disk TOML, schema "halfulp.schedule/1" (docs/design.md, "Files").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "halfulp/formats/format.hpp"
#include "halfulp/graph/graph.hpp"
#include "halfulp/support/result.hpp"

namespace halfulp {

// Order of the additions of a dot product. Sequential starts from the bias and goes in channel-last index order.
struct SummationOrder {
  enum class Kind : std::uint8_t { kSequential, kBlocked, kTree } kind = Kind::kSequential;
  std::int64_t block = 0;  // kBlocked: partial sums of `block` products, then those in sequence
  bool operator==(const SummationOrder&) const = default;
};

// Formats of one node's roles. An absent role is exact: nothing is rounded there.
struct NodeFormats {
  std::optional<Format> weight, bias, product, accumulator, output;
  std::optional<Format> input;      // op "input" only: how the network input is rounded on entry
  SummationOrder order;
};

struct Claim {
  std::string status = "assumed";   // proved | observed | assumed | unmet
  std::string error_bound;          // decimal, rounded outward; empty if none
  std::optional<double> argmax_share;  // of the data set, proved
  std::string relative_error;       // decimal, rounded outward; empty if none
  std::map<std::string, double> observed;  // by simulation over the data set: "accuracy", "max_error", ...
  std::map<std::string, double> cost;  // "weight_bits", "mean_weight_bits", the target's own
};

struct Requirement {
  std::optional<std::string> max_error;      // decimal, absolute, max norm over outputs
  std::optional<double> certify_share;       // proved argmax share over the data set
  std::map<std::string, std::string> output_errors;  // decimal, absolute, of one graph output by its name
  std::optional<std::string> max_relative_error;     // decimal, of every output element
  bool no_overflow = false;
  std::optional<double> max_accuracy_drop;           // observed
  std::optional<std::string> max_observed_error, mean_observed_error;  // decimal, observed
  std::string input_set;                     // as on the command line: --input/--box/--data with its file's SHA-256
};

struct Provenance {
  std::string tool;           // "halfulp 0.1.0"
  std::string command;
  std::uint64_t seed = 0;
  std::string model_file, model_sha256, data_sha256, rules_sha256;
};

struct ScheduleLayer {
  std::string name;           // of the graph node
  NodeFormats formats;
};

struct Schedule {
  Provenance provenance;
  Requirement requirement;
  Claim result;
  NodeFormats defaults;               // for nodes without a layer block; absent roles exact
  std::vector<ScheduleLayer> layers;  // graph order
  bool edited = false;                // content hash did not match on reading: result.status reads "assumed"
};

// Formats of every node of the graph, indexed by NodeId.
using FormatAssignment = std::vector<NodeFormats>;

// --uniform FORMAT: every role of every node, input included, and the accumulator exact.
FormatAssignment uniform_assignment(const Graph& graph, const Format& format);
// Errors: E0305 a layer that the graph does not have (nearest name as help).
Result<FormatAssignment> assignment(const Graph& graph, const Schedule& schedule);
// The layers of an assignment that differ from all-exact, in graph order.
std::vector<ScheduleLayer> layers_of(const Graph& graph, const FormatAssignment& assignment);

// Errors: E03xx with file:line:column; unknown keys carry the nearest known key as help.
Result<Schedule> read_schedule(const std::string& path);
Result<Schedule> parse_schedule(const std::string& text, const std::string& place);
std::string write_schedule(const Schedule& schedule);                       // the text, content hash included
Result<void> write_schedule_file(const Schedule& schedule, const std::string& path);  // atomic: temporary file + rename
// One line a difference, empty when equal: "conv1.weight fixed<8,2> -> fixed<7,2>".
std::vector<std::string> diff(const Schedule& a, const Schedule& b);

}  // namespace halfulp
