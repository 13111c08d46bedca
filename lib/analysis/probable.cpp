#include "halfulp/analysis/probable.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "box.hpp"
#include "point_values.hpp"

namespace halfulp {
namespace {

// sqrt(ln(2 / p) / 2 * square), rounded up.
double deviation(double p, double square) {
  const Interval factor = log(Interval(2) / Interval(p)) / Interval(2);
  return sqrt(factor * Interval(square)).hi;
}

// Bounds of all elements of one output; those that the work limit leaves out keep what is proved.
template <typename I>
std::vector<double> bounds_of(const Prepared& prepared, const States<I>& states, NodeId output, double failure, double work_limit) {
  const std::int64_t size = (*prepared.graph)[output].size;
  std::vector<double> bounds;
  for (const Interval& error : at(states, output).error) bounds.push_back(magnitude(error));
  std::vector<std::int64_t> elements(static_cast<std::size_t>(size));
  std::iota(elements.begin(), elements.end(), 0);
  if (4 * prepared.work_above[static_cast<std::size_t>(output)] * static_cast<double>(size) > work_limit) return bounds;
  for (const auto& chunk : row_chunks(*prepared.graph, elements)) {
    Chances chances;
    const auto worst = difference_chances(prepared, states, output, unit_rows<I>(chunk, size), static_cast<std::int64_t>(chunk.size()), chances);
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      double& bound = bounds[static_cast<std::size_t>(chunk[row])];
      bound = std::min(bound, add_up(magnitude(worst[row]), deviation(failure, chances.square[row])));
    }
  }
  return bounds;
}

template <typename I>
ProbableAnalysis analyze_with(const Prepared& prepared, const InputBox& box, double failure, const AnalyzeOptions& options) {
  ProbableAnalysis result{.failure = failure, .error = {}, .max_error = 0, .proved = {}};
  ForwardResult<I> forward = forward_pass<I>(prepared, box, options);
  auto contributions = bound_outputs(prepared, forward, options);
  const auto& outputs = prepared.graph->graph->outputs;
  std::int64_t elements = 0;
  for (const NodeId output : outputs) elements += (*prepared.graph)[output].size;
  const double share = div_down(failure, static_cast<double>(std::max<std::int64_t>(1, elements)));
  for (const NodeId output : outputs) {
    result.error.push_back(bounds_of(prepared, forward.states, output, share, options.work_limit));
    for (const double bound : result.error.back()) result.max_error = std::max(result.max_error, bound);
  }
  result.proved = collect_box(prepared, std::move(forward), std::move(contributions));
  return result;
}

}  // namespace

Result<ProbableAnalysis> analyze_probable(const LoweredGraph& graph, const FormatAssignment& formats, const InputBox& box, double failure,
                                          const AnalyzeOptions& options) {
  if (!(failure > 0 && failure < 1)) return fail("E0606", "a probability of failure lies between 0 and 1");
  if (options.method == Method::kInterval) return fail("E0606", "the method interval has no adjoint passes, which probable bounds rest on");
  if (auto valid = check_box(graph, box); !valid) return fail(valid.error());
  auto prepared = prepare(graph, formats);
  if (!prepared) return fail(prepared.error());
  prepared->keep_gaps = true;
  set_working_precision(options.engine == Engine::kMpfr ? options.bits : kPointBits);
  return options.engine == Engine::kMpfr ? analyze_with<MpInterval>(*prepared, box, failure, options)
                                         : analyze_with<Interval>(*prepared, box, failure, options);
}

}  // namespace halfulp
