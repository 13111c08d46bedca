// Synthetic points of the plane in clusters, the same on every machine.
//
// Points of a cluster are centre + s (z1, z2) with z the sum of twelve uniform numbers less six (mean 0, variance 1, near to
// normal), clamped to [-1, 1]. Two kinds:
//   even    centres anywhere in [-0.8, 0.8]^2, spreads s in [0.04, 0.12];
//   graded  centres at distances r from the origin (maximum norm) over five octaves, s in [0.1, 0.2] r: fine structure near the
//           origin, coarse far from it.
// Every random number comes from a counter-based stream, and no library function is involved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kmeans {

// Coordinates side by side, as bulk rounding wants them.
struct Points {
  std::vector<double> x, y;
  std::size_t size() const { return x.size(); }
};

struct DataSet {
  Points points;
  Points start;  // the first point of each cluster: where the search for centroids begins
};

enum class DataKind { kEven, kGraded };

struct DataShape {
  DataKind kind = DataKind::kEven;
  std::size_t clusters = 10, points = 300;
};

DataSet make_data_set(const DataShape& shape, std::uint64_t seed, std::uint64_t number);

}  // namespace kmeans
