#include "focus.hpp"

#include <algorithm>
#include <numeric>

namespace halfulp {
namespace {

constexpr std::size_t kWorthFocusing = 64;  // samples
constexpr std::size_t kLargestBounds = 16;
constexpr int kBitsAround = 2;

std::vector<std::size_t> with_largest_bounds(const std::vector<double>& bounds) {
  std::vector<std::size_t> order(bounds.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return bounds[a] > bounds[b]; });
  order.resize(std::min(order.size(), kLargestBounds));
  return order;
}

}  // namespace

Result<void> focus_on_decisive(Evaluator& evaluator, const std::vector<Variable>& variables,
                               const std::vector<FormatPattern>& patterns, const FormatAssignment& base,
                               const Uniform& baseline, const TuneOptions& options) {
  const std::size_t count = baseline.evaluation.proved.size();
  if (options.observes() || options.max_relative_error || count < kWorthFocusing || baseline.format.family != FormatFamily::kFixed) return {};
  std::vector<bool> decisive(count, false);
  std::vector<bool> proved(count, false);
  if (options.certify_share) {
    const auto family = std::find_if(patterns.begin(), patterns.end(), [](const FormatPattern& p) { return p.is_fixed_family; });
    if (family == patterns.end()) return {};
    const auto coarse = uniform_fixed(*family, variables, baseline.format.fraction_bits - kBitsAround);
    const auto fine = uniform_fixed(*family, variables, baseline.format.fraction_bits + kBitsAround);
    if (!coarse || !fine) return {};
    auto below = evaluator.prove(uniform_formats(base, variables, *coarse));
    if (!below) return fail(below.error());
    auto above = evaluator.prove(uniform_formats(base, variables, *fine));
    if (!above) return fail(above.error());
    for (std::size_t i = 0; i < count; ++i) {
      decisive[i] = below->proved[i] != above->proved[i];
      proved[i] = below->proved[i] && above->proved[i];
    }
  }
  for (const std::size_t i : with_largest_bounds(baseline.evaluation.bounds)) decisive[i] = true;
  std::vector<std::size_t> samples;
  std::size_t proved_elsewhere = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (decisive[i]) samples.push_back(i);
    if (!decisive[i] && proved[i]) ++proved_elsewhere;
  }
  evaluator.focus(samples, proved_elsewhere);
  return {};
}

}  // namespace halfulp
