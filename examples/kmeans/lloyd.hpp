// Lloyd's algorithm ("Least squares quantization in PCM", IEEE Trans. Inf. Theory 28, 1982): every point joins its nearest
// centroid, every centroid moves to the mean of its points, until no centroid moves.
#pragma once

#include <cstdint>
#include <vector>

#include "arithmetic.hpp"
#include "data_set.hpp"

namespace kmeans {

inline constexpr int kMaxIterations = 25;

struct Clustering {
  std::vector<std::uint32_t> label;  // of each point
  Points centroids;
  int iterations = 0;
  OperationCounts operations;
};

// Of equally near centroids the first wins; a centroid without points stays where it is.
Clustering cluster(const DataSet& data, const Formats& formats);

// Share of points with another label than in the reference.
double label_mismatch(const Clustering& result, const Clustering& reference);
// Root mean square distance between centroids of equal number.
double centroid_error(const Clustering& result, const Clustering& reference);

}  // namespace kmeans
