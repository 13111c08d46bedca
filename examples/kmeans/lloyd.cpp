#include "lloyd.hpp"

#include <cmath>

namespace kmeans {
namespace {

class Lloyd {
 public:
  Lloyd(const DataSet& data, const Formats& formats)
      : arithmetic_(formats), points_(data.points), centroids_(data.start), distance_(data.points.size()),
        other_(data.points.size()), nearest_(data.points.size()), label_(data.points.size()) {
    for (auto* coordinates : {&points_.x, &points_.y, &centroids_.x, &centroids_.y}) arithmetic_.enter(*coordinates);
  }

  Clustering run() {
    int iterations = 0;
    bool moved = true;
    while (moved && iterations < kMaxIterations) {
      assign();
      moved = update();
      ++iterations;
    }
    for (auto* coordinates : {&centroids_.x, &centroids_.y}) arithmetic_.leave(*coordinates);
    return {label_, centroids_, iterations, arithmetic_.counts()};
  }

 private:
  // distance_ = squared distances of all points to centroid k.
  void measure(std::size_t k) {
    arithmetic_.subtract(points_.x, centroids_.x[k], distance_);
    arithmetic_.square(distance_);
    arithmetic_.subtract(points_.y, centroids_.y[k], other_);
    arithmetic_.square(other_);
    arithmetic_.add(other_, distance_);
  }

  void assign() {
    for (std::size_t k = 0; k < centroids_.size(); ++k) {
      measure(k);
      for (std::size_t i = 0; i < points_.size(); ++i) {
        if (k != 0 && !arithmetic_.less(distance_[i], nearest_[i])) continue;
        nearest_[i] = distance_[i];
        label_[i] = static_cast<std::uint32_t>(k);
      }
    }
  }

  // Whether a centroid moved.
  bool update() {
    const std::size_t count = centroids_.size();
    std::vector<double> x(count), y(count);
    std::vector<std::uint64_t> members(count);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const std::size_t k = label_[i];
      x[k] = arithmetic_.accumulate(x[k], points_.x[i]);
      y[k] = arithmetic_.accumulate(y[k], points_.y[i]);
      members[k] = arithmetic_.count(members[k]);
    }
    bool moved = false;
    for (std::size_t k = 0; k < count; ++k) {
      if (members[k] == 0) continue;
      moved = move(centroids_.x[k], arithmetic_.divide(x[k], members[k])) || moved;
      moved = move(centroids_.y[k], arithmetic_.divide(y[k], members[k])) || moved;
    }
    return moved;
  }

  static bool move(double& coordinate, double to) {
    const bool moves = coordinate != to;
    coordinate = to;
    return moves;
  }

  Arithmetic arithmetic_;
  Points points_, centroids_;
  std::vector<double> distance_, other_, nearest_;
  std::vector<std::uint32_t> label_;
};

}  // namespace

Clustering cluster(const DataSet& data, const Formats& formats) { return Lloyd(data, formats).run(); }

double label_mismatch(const Clustering& result, const Clustering& reference) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < result.label.size(); ++i) different += result.label[i] != reference.label[i];
  return static_cast<double>(different) / static_cast<double>(result.label.size());
}

double centroid_error(const Clustering& result, const Clustering& reference) {
  double sum = 0;
  for (std::size_t k = 0; k < result.centroids.size(); ++k) {
    const double dx = result.centroids.x[k] - reference.centroids.x[k], dy = result.centroids.y[k] - reference.centroids.y[k];
    sum += dx * dx + dy * dy;
  }
  return std::sqrt(sum / static_cast<double>(result.centroids.size()));
}

}  // namespace kmeans
