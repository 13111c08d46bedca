// A sum without rounding, with infinities and NaN as IEEE 754 adds them.
#pragma once

#include <optional>

#include "values.hpp"

namespace halfulp::sim {

class ExactSum {
 public:
  ExactSum() { finite_.clear(); }
  void clear();
  void add(const Expansion& x);
  void add_product(const Expansion& x, const Expansion& y);
  void add_product(double x, double y);

  bool is_finite() const { return special_ == 0; }
  double special() const { return special_; }  // the infinity or NaN that the sum is
  const LongAccumulator& finite() const { return finite_; }
  // The value, if it is a sum of three doubles of 53 bits one below the other.
  std::optional<Expansion> as_expansion() const;

 private:
  LongAccumulator finite_;
  double special_ = 0;
};

}  // namespace halfulp::sim
