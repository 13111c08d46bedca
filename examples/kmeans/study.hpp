// How well, and at what price, one choice of formats clusters a group of data sets.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "candidate.hpp"
#include "energy.hpp"
#include "lloyd.hpp"

namespace kmeans {

struct Outcome {
  Candidate candidate;
  double mismatch = 0;        // share of points, mean over the data sets
  double centroid_error = 0;  // root mean square over the data sets
  double iterations = 0;      // mean
  double energy_nj = 0;       // of one data set, mean
};

// Data sets with their clustering in double arithmetic.
class Study {
 public:
  struct Options {
    DataShape shape;
    std::uint64_t seed = 2017;
    std::uint64_t first_set = 0;  // the sets have the numbers first_set, first_set + 1, ...
    std::size_t sets = 4;
  };

  explicit Study(const Options& options);
  Outcome evaluate(const Candidate& candidate, const Energy& energy) const;
  // The same, or nothing as soon as the mismatch is known to exceed `limit`.
  std::optional<Outcome> evaluate(const Candidate& candidate, const Energy& energy, double limit) const;

 private:
  std::vector<DataSet> sets_;
  std::vector<Clustering> references_;
};

}  // namespace kmeans
