#include "study.hpp"

#include <cmath>
#include <limits>

namespace kmeans {

Study::Study(const Options& options) {
  for (std::size_t i = 0; i < options.sets; ++i) {
    sets_.push_back(make_data_set(options.shape, options.seed, options.first_set + i));
    references_.push_back(cluster(sets_.back(), {}));
  }
}

Outcome Study::evaluate(const Candidate& candidate, const Energy& energy) const {
  return *evaluate(candidate, energy, std::numeric_limits<double>::infinity());
}

std::optional<Outcome> Study::evaluate(const Candidate& candidate, const Energy& energy, double limit) const {
  Outcome outcome{.candidate = candidate};
  const auto count = static_cast<double>(sets_.size());
  double square_sum = 0;
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    const Clustering result = cluster(sets_[i], candidate.formats);
    const double error = centroid_error(result, references_[i]);
    square_sum += error * error;
    outcome.mismatch += label_mismatch(result, references_[i]) / count;
    if (outcome.mismatch > limit) return std::nullopt;
    outcome.iterations += result.iterations / count;
    outcome.energy_nj += energy.of(candidate.formats, result.operations) / 1000 / count;
  }
  outcome.centroid_error = std::sqrt(square_sum / count);
  return outcome;
}

}  // namespace kmeans
