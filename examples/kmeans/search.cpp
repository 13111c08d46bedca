#include "search.hpp"

#include <algorithm>
#include <tuple>

#include "halfulp/support/assert.hpp"

namespace kmeans {
namespace {

constexpr std::size_t kKnownSets = 4, kFreshSets = 16;

bool is_better(const Outcome& a, const Outcome& b) {
  return std::tie(a.mismatch, a.centroid_error) < std::tie(b.mismatch, b.centroid_error);
}

}  // namespace

Search::Search(const Options& options, const Energy& energy)
    : options_(options),
      energy_(energy),
      known_({.shape = options.shape, .first_set = 0, .sets = kKnownSets}),
      fresh_({.shape = options.shape, .first_set = kKnownSets, .sets = kFreshSets}) {
  for (const Family family : kFamilies) {
    for (int bits = options.least_bits; bits <= options.most_bits; ++bits) try_all(family, bits);
  }
}

void Search::try_all(Family family, int width_bits) {
  std::optional<Outcome> best;
  for (const Candidate& candidate : candidates(family, width_bits)) {
    const double limit = best ? std::max(best->mismatch, kMaxLimit) : 1;
    const auto outcome = known_.evaluate(candidate, energy_, limit);
    if (!outcome) continue;
    tried_.push_back(*outcome);
    if (!best || is_better(*outcome, *best)) best = outcome;
  }
  HALFULP_ASSERT(best.has_value());
  best_.push_back(judge(best->candidate));
}

const Outcome& Search::best(Family family, int width_bits) const {
  const auto found = std::find_if(best_.begin(), best_.end(), [&](const Outcome& outcome) {
    return outcome.candidate.family == family && outcome.candidate.width_bits == width_bits;
  });
  HALFULP_ASSERT(found != best_.end());
  return *found;
}

std::optional<Outcome> Search::cheapest(double mismatch_limit, const std::vector<Family>& families) const {
  HALFULP_ASSERT(mismatch_limit <= kMaxLimit);
  const Outcome* found = nullptr;
  for (const Outcome& outcome : tried_) {
    const bool allowed = std::find(families.begin(), families.end(), outcome.candidate.family) != families.end();
    if (!allowed || outcome.mismatch > mismatch_limit) continue;
    if (found == nullptr || outcome.energy_nj < found->energy_nj) found = &outcome;
  }
  if (found == nullptr) return std::nullopt;
  return judge(found->candidate);
}

}  // namespace kmeans
