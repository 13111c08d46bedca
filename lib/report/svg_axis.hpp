// One axis of a chart: its visible range, its ticks, and where a value lies on it.
#pragma once

#include <string>
#include <vector>

#include "halfulp/report/svg.hpp"

namespace halfulp::svg {

class AxisMap {
 public:
  // Covers those of `values` that have a place, or what the axis asks for.
  AxisMap(const ChartAxis& axis, const std::vector<double>& values);

  bool has_place(double value) const;
  // 0 at the low end of the visible range, 1 at its high end.
  double share(double value) const;
  const std::vector<double>& ticks() const { return ticks_; }

 private:
  Scale scale_;
  double low_ = 0, high_ = 1;
  std::vector<double> ticks_;
};

// "0.5", "20", "1e-6"
std::string tick_text(double tick);

}  // namespace halfulp::svg
