// The search for formats: it tries every candidate of every width on one group of data sets and judges its choices on another.
#pragma once

#include <optional>
#include <vector>

#include "study.hpp"

namespace kmeans {

inline constexpr double kMaxLimit = 0.1;

class Search {
 public:
  struct Options {
    DataShape shape;
    int least_bits = 5, most_bits = 16;
  };

  Search(const Options& options, const Energy& energy);

  // The family's candidate of that width with the fewest mismatches (then the smallest centroid error), on fresh data.
  const Outcome& best(Family family, int width_bits) const;
  // Of some families, the candidate of least energy with at most that mismatch in the search; judged on fresh data.
  // Requires mismatch_limit <= kMaxLimit.
  std::optional<Outcome> cheapest(double mismatch_limit, const std::vector<Family>& families) const;
  Outcome judge(const Candidate& candidate) const { return fresh_.evaluate(candidate, energy_); }

 private:
  void try_all(Family family, int width_bits);

  Options options_;
  const Energy& energy_;
  Study known_, fresh_;
  std::vector<Outcome> tried_;  // on the known data; without those that are neither best nor under kMaxLimit
  std::vector<Outcome> best_;   // on fresh data
};

}  // namespace kmeans
