#include "data_set.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/formats/round.hpp"

namespace kmeans {
namespace {

class Stream {
 public:
  Stream(std::uint64_t seed, std::uint64_t number) : seed_(seed), number_(number) {}
  std::uint32_t bits() { return halfulp::random_bits(seed_, number_, index_++); }
  // In [low, high).
  double uniform(double low, double high) { return low + (high - low) * 0x1p-32 * bits(); }
  double bell() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform(0, 1);
    return sum;
  }

 private:
  std::uint64_t seed_, number_, index_ = 0;
};

struct Cluster {
  double x, y, spread;
};

Cluster even_cluster(Stream& stream) {
  return {stream.uniform(-0.8, 0.8), stream.uniform(-0.8, 0.8), stream.uniform(0.04, 0.12)};
}

Cluster graded_cluster(Stream& stream) {
  const double r = std::ldexp(stream.uniform(0.4, 0.8), -static_cast<int>(stream.bits() % 5));
  const double along = stream.uniform(-r, r);
  const double side = stream.bits() % 2 == 0 ? r : -r;
  const bool upright = stream.bits() % 2 == 0;
  return {upright ? side : along, upright ? along : side, stream.uniform(0.1, 0.2) * r};
}

}  // namespace

DataSet make_data_set(const DataShape& shape, std::uint64_t seed, std::uint64_t number) {
  Stream stream(seed, number);
  std::vector<Cluster> clusters(shape.clusters);
  for (Cluster& cluster : clusters) cluster = shape.kind == DataKind::kEven ? even_cluster(stream) : graded_cluster(stream);
  DataSet set;
  for (std::size_t i = 0; i < shape.points; ++i) {
    const Cluster& cluster = clusters[i % shape.clusters];
    set.points.x.push_back(std::clamp(cluster.x + cluster.spread * stream.bell(), -1.0, 1.0));
    set.points.y.push_back(std::clamp(cluster.y + cluster.spread * stream.bell(), -1.0, 1.0));
  }
  set.start.x.assign(set.points.x.begin(), set.points.x.begin() + static_cast<std::ptrdiff_t>(shape.clusters));
  set.start.y.assign(set.points.y.begin(), set.points.y.begin() + static_cast<std::ptrdiff_t>(shape.clusters));
  return set;
}

}  // namespace kmeans
