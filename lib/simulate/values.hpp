// The exact values of a node: value i = high[i] + middle[i] + low[i]. The two lower planes exist only where some value outgrows
// a double, so that the common case costs one array of doubles. An infinity (of a format that has them) sits in `high` alone.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "halfulp/formats/exact.hpp"

namespace halfulp::sim {

inline Expansion expansion_of(double x) { return {{x, 0, 0}}; }
inline bool is_double(const Expansion& x) { return x.part[1] == 0 && x.part[2] == 0; }
inline bool is_finite(const Expansion& x) { return std::isfinite(x.part[0]); }

// A read-only window of values; planes 1 and 2 are empty when all values are doubles.
struct ValueView {
  std::span<const double> plane[kMaxPlanes];

  std::size_t size() const { return plane[0].size(); }
  bool wide() const { return !plane[1].empty(); }
  Expansion operator[](std::size_t i) const {
    return wide() ? Expansion{{plane[0][i], plane[1][i], plane[2][i]}} : expansion_of(plane[0][i]);
  }
  ValueView part(std::size_t first, std::size_t count) const;
};

class Values {
 public:
  Values() = default;
  explicit Values(std::size_t size) : high_(size) {}
  explicit Values(std::vector<double> doubles) : high_(std::move(doubles)) {}

  std::size_t size() const { return high_.size(); }
  bool wide() const { return !middle_.empty(); }
  Expansion operator[](std::size_t i) const {
    return wide() ? Expansion{{high_[i], middle_[i], low_[i]}} : expansion_of(high_[i]);
  }
  void set(std::size_t i, const Expansion& x);
  void set(std::size_t i, double x) { set(i, expansion_of(x)); }

  ValueView view() const { return {{high_, middle_, low_}}; }
  std::span<const double> doubles() const { return high_; }  // the values themselves unless wide()
  std::span<double> doubles() { return high_; }
  // Where it is known: all values are integers of magnitude at most most_units() times unit(); else 0.
  double unit() const { return unit_; }
  double most_units() const { return most_units_; }
  void set_unit(double unit, double most_units) {
    unit_ = unit;
    most_units_ = most_units;
  }
  // out[i] = this[index[i]]
  Values gather(std::span<const std::size_t> index) const;

 private:
  std::vector<double> high_, middle_, low_;
  double unit_ = 0, most_units_ = 0;
};

// -1, 0 or 1 as x is below, equal to or above y; infinities allowed, NaN not.
int compare(const Expansion& x, const Expansion& y);

}  // namespace halfulp::sim
