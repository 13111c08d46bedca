#include "box.hpp"
#include "point_values.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "split.hpp"

namespace halfulp {
namespace {

template <typename I>
class OutputBounds {
 public:
  OutputBounds(const Prepared& prepared, ForwardResult<I>& forward, const AnalyzeOptions& options)
      : prepared_(prepared), forward_(forward), options_(options), budget_{options.work_limit} {}

  std::vector<Contribution> run() {
    if (prepared_.with_formats) {
      for (const NodeId output : prepared_.graph->graph->outputs) bound_output(output);
    }
    std::sort(contributions_.begin(), contributions_.end(), [](const Contribution& a, const Contribution& b) { return a.amount > b.amount; });
    return std::move(contributions_);
  }

 private:
  void bound_output(NodeId output) {
    if (options_.method == Method::kInterval) return;
    const std::int64_t size = (*prepared_.graph)[output].size;
    std::vector<std::int64_t> elements;
    for (std::int64_t i = 0; i < size; ++i) elements.push_back(i);
    if (prepared_.direct[static_cast<std::size_t>(output)]) elements = {worst_of(output)};  // bounded already; who contributes is not known
    const double row_work = 4 * prepared_.work_above[static_cast<std::size_t>(output)];
    auto& error = forward_.states[static_cast<std::size_t>(output)].error;
    if (!budget_.take(row_work * static_cast<double>(elements.size()))) {  // the largest forward bounds first, as many as fit
      std::sort(elements.begin(), elements.end(), [&](std::int64_t a, std::int64_t b) {
        return magnitude(error[static_cast<std::size_t>(a)]) > magnitude(error[static_cast<std::size_t>(b)]);
      });
      elements.resize(std::min(elements.size(), static_cast<std::size_t>(std::max(1.0, std::floor(budget_.left / row_work)))));
      budget_.left = 0;
    }
    for (const auto& chunk : row_chunks(*prepared_.graph, elements)) bound_rows(output, chunk);
  }

  std::int64_t worst_of(NodeId output) const {
    const auto& error = at(forward_.states, output).error;
    return std::max_element(error.begin(), error.end(), [](const Interval& a, const Interval& b) { return magnitude(a) < magnitude(b); }) -
           error.begin();
  }

  void bound_rows(NodeId output, const std::vector<std::int64_t>& chunk) {
    NodeState<I>& state = forward_.states[static_cast<std::size_t>(output)];
    Ledger ledger;
    const auto bounds = difference_bounds(prepared_, forward_.states, output,
                                          unit_rows<I>(chunk, (*prepared_.graph)[output].size),
                                          static_cast<std::int64_t>(chunk.size()), true, &ledger);
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      Interval& error = state.error[static_cast<std::size_t>(chunk[row])];
      error = intersect(error, bounds[row]);
      if (magnitude(error) <= worst_) continue;
      worst_ = magnitude(error);
      contributions_.clear();
      for (const Ledger::Entry& entry : ledger.entries) {
        if (entry.amount[row] > 0) contributions_.push_back({entry.node, entry.role, entry.amount[row]});
      }
    }
  }

  const Prepared& prepared_;
  ForwardResult<I>& forward_;
  const AnalyzeOptions& options_;
  WorkBudget budget_;
  std::vector<Contribution> contributions_;
  double worst_ = -1;
};

template <typename I>
BoxAnalysis analyze_with(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options) {
  return finish_box(prepared, forward_pass<I>(prepared, box, options), options);
}

}  // namespace

void add_overflow(std::vector<OverflowPlace>& places, const OverflowPlace& place) {
  for (OverflowPlace& known : places) {
    if (known.node != place.node || known.role != place.role) continue;
    known.needed = hull(known.needed, place.needed);
    known.missing_bits = std::max(known.missing_bits, place.missing_bits);
    return;
  }
  places.push_back(place);
}

Result<void> check_box(const LoweredGraph& graph, const InputBox& box) {
  if (box.size() != graph.graph->inputs.size()) {
    return fail("E0601", "the input set has " + std::to_string(box.size()) + " inputs, the network " +
                             std::to_string(graph.graph->inputs.size()));
  }
  for (std::size_t i = 0; i < box.size(); ++i) {
    const Node& input = (*graph.graph)[graph.graph->inputs[i]];
    if (static_cast<std::int64_t>(box[i].size()) != element_count(input.shape)) {
      return fail("E0601", "the box has " + std::to_string(box[i].size()) + " elements, the input " + to_string(input.shape) + " has " +
                               std::to_string(element_count(input.shape)), input.name);
    }
    for (std::size_t e = 0; e < box[i].size(); ++e) {
      if (!std::isfinite(box[i][e].lo) || !std::isfinite(box[i][e].hi) || box[i][e].lo > box[i][e].hi) {
        return fail("E0601", "element " + std::to_string(e) + " of the box is not a finite interval", input.name);
      }
    }
  }
  return {};
}

template <typename I>
std::vector<Contribution> bound_outputs(const Prepared& prepared, ForwardResult<I>& forward, const AnalyzeOptions& options) {
  return OutputBounds<I>(prepared, forward, options).run();
}

template <typename I>
BoxAnalysis collect_box(const Prepared& prepared, ForwardResult<I>&& forward, std::vector<Contribution> contributions) {
  BoxAnalysis result;
  result.contributions = std::move(contributions);
  result.overflows = prepared.constant_overflows;
  result.overflows.insert(result.overflows.end(), forward.overflows.begin(), forward.overflows.end());
  result.nodes.resize(forward.states.size());
  for (std::size_t i = 0; i < forward.states.size(); ++i) {
    NodeState<I>& state = forward.states[i];
    NodeBounds& bounds = result.nodes[i];
    for (const I& x : state.real) bounds.real.push_back(to_double(x));
    for (std::size_t e = 0; e < state.deployed.size(); ++e) {
      // The output's difference may have become sharper than when its deployed range was found.
      bounds.deployed.push_back(intersect(to_double(state.deployed[e]), bounds.real[e] + state.error[e]));
    }
    bounds.error = std::move(state.error);
  }
  for (const NodeId output : prepared.graph->graph->outputs) {
    for (const Interval& error : result.nodes[static_cast<std::size_t>(output)].error) {
      result.max_error = std::max(result.max_error, magnitude(error));
    }
  }
  return result;
}

template <typename I>
BoxAnalysis finish_box(const Prepared& prepared, ForwardResult<I>&& forward, const AnalyzeOptions& options) {
  auto contributions = bound_outputs(prepared, forward, options);
  return collect_box(prepared, std::move(forward), std::move(contributions));
}

template std::vector<Contribution> bound_outputs(const Prepared&, ForwardResult<Interval>&, const AnalyzeOptions&);
template std::vector<Contribution> bound_outputs(const Prepared&, ForwardResult<MpInterval>&, const AnalyzeOptions&);
template BoxAnalysis collect_box(const Prepared&, ForwardResult<Interval>&&, std::vector<Contribution>);
template BoxAnalysis collect_box(const Prepared&, ForwardResult<MpInterval>&&, std::vector<Contribution>);
template BoxAnalysis finish_box(const Prepared&, ForwardResult<Interval>&&, const AnalyzeOptions&);
template BoxAnalysis finish_box(const Prepared&, ForwardResult<MpInterval>&&, const AnalyzeOptions&);

const char* to_string(Role role) {
  switch (role) {
    case Role::kInput: return "input";
    case Role::kWeight: return "weight";
    case Role::kBias: return "bias";
    case Role::kProduct: return "product";
    case Role::kAccumulator: return "accumulator";
    case Role::kOutput: return "output";
    case Role::kSlope: return "slope";
  }
  return "";
}

Result<BoxAnalysis> analyze_box(const LoweredGraph& graph, const std::optional<FormatAssignment>& formats, const InputBox& box,
                                const AnalyzeOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  if (auto valid = check_box(graph, box); !valid) return fail(valid.error());
  auto prepared = prepare(graph, formats);
  if (!prepared) return fail(prepared.error());
  set_working_precision(options.engine == Engine::kMpfr ? options.bits : kPointBits);
  BoxAnalysis result = options.engine == Engine::kMpfr ? analyze_with<MpInterval>(*prepared, box, options)
                                                       : analyze_with<Interval>(*prepared, box, options);
  if (options.engine == Engine::kFast && options.split_boxes > 0 && options.method != Method::kInterval && can_split(box)) {
    result = split_box(*prepared, box, options, std::move(result));
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Result<RealRanges> real_ranges(const LoweredGraph& graph, const InputBox& box, const AnalyzeOptions& options) {
  auto analysis = analyze_box(graph, std::nullopt, box, options);
  if (!analysis) return fail(analysis.error());
  RealRanges ranges;
  for (NodeBounds& bounds : analysis->nodes) ranges.push_back(std::move(bounds.real));
  return ranges;
}

}  // namespace halfulp
