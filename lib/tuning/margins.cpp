#include "margins.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace halfulp {
namespace {

constexpr double kAround = 0.03;  // share of the samples, on either side of the decisive one, whose contributions are averaged

// Position among the evaluation's samples, by falling use; nothing if it holds none.
std::optional<std::size_t> decisive_rank(const ShareOfSamples& of, std::size_t count) {
  if (count == 0) return std::nullopt;
  const auto may_fail = static_cast<std::ptrdiff_t>(std::floor((1 - of.share) * static_cast<double>(of.total) + 1e-9));
  const auto failed_elsewhere = static_cast<std::ptrdiff_t>(of.total) - static_cast<std::ptrdiff_t>(count + of.kept_elsewhere);
  return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(may_fail - failed_elsewhere, 0, static_cast<std::ptrdiff_t>(count) - 1));
}

void add(std::vector<Contribution>& sum, const Contribution& each, double factor) {
  const auto known = std::find_if(sum.begin(), sum.end(), [&](const Contribution& c) { return c.node == each.node && c.role == each.role; });
  if (known == sum.end()) sum.push_back({each.node, each.role, factor * each.amount});
  else known->amount += factor * each.amount;
}

}  // namespace

double decisive_use(const ShareOfSamples& of, std::vector<double> uses) {
  const auto rank = decisive_rank(of, uses.size());
  if (!rank) return 0;
  std::nth_element(uses.begin(), uses.begin() + static_cast<std::ptrdiff_t>(*rank), uses.end(), std::greater<>());
  return uses[*rank];
}

void scale_margins(const ShareOfSamples& of, Evaluation& evaluation) {
  const double decisive = decisive_use(of, evaluation.uses), factor = decisive / evaluation.margin_use;
  evaluation.margin_use = decisive;
  if (!std::isfinite(factor)) return;
  for (Contribution& each : evaluation.margin_contributions) each.amount *= factor;
}

void take_margins(const ShareOfSamples& of, Evaluation& evaluation) {
  const auto& uses = evaluation.uses;
  const auto samples = std::move(evaluation.sample_contributions);
  evaluation.sample_contributions.clear();
  const auto rank = decisive_rank(of, uses.size());
  if (!rank || samples.size() != uses.size()) return;
  std::vector<std::size_t> order(uses.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return uses[a] > uses[b]; });
  const double decisive = uses[order[*rank]];
  evaluation.margin_use = decisive;
  const auto around = std::max<std::size_t>(2, static_cast<std::size_t>(kAround * static_cast<double>(uses.size())));
  std::vector<std::size_t> taken;
  for (std::size_t r = *rank - std::min(*rank, around); r < std::min(order.size(), *rank + around + 1); ++r) {
    if (uses[order[r]] > 0 && std::isfinite(uses[order[r]])) taken.push_back(order[r]);
  }
  for (const std::size_t sample : taken) {
    const double factor = decisive / uses[sample] / static_cast<double>(taken.size());
    for (const Contribution& each : samples[sample]) add(evaluation.margin_contributions, each, std::isfinite(factor) ? factor : 1);
  }
  std::stable_sort(evaluation.margin_contributions.begin(), evaluation.margin_contributions.end(),
                   [](const Contribution& a, const Contribution& b) { return a.amount > b.amount; });
}

}  // namespace halfulp
