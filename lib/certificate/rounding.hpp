// What rounding to a fixed or float format does to a value of known range, and sums whose additions are rounded in the deployed order.
#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "halfulp/enclosure/interval.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp::certificate {

// Deployed values are multiples of 2^lsb, and, if set, values of `held`.
struct Grid {
  static constexpr int kUnknown = std::numeric_limits<int>::min();
  static constexpr int kZero = std::numeric_limits<int>::max();  // zero is a multiple of everything
  int lsb = kUnknown;
  std::optional<Format> held;
};

int lsb_of(const Format& format);
int lsb_of(double x);
int lsb_product(int a, int b);
Grid grid_after(const Format& format, const Grid& before, bool overflow);

struct Rounded {
  Interval error;  // rounded - exact
  Interval after;  // the rounded value
  bool overflow = false;
};
Rounded round_range(const Format& format, const Interval& range, const Grid& grid);

struct SumTerms {
  std::vector<Interval> products;
  Interval bias;
  int product_lsb = Grid::kUnknown, bias_lsb = Grid::kZero;
};
struct SumErrors {
  Interval error;  // of products and additions together
  int lsb = Grid::kUnknown;
  bool overflow = false;
};
SumErrors rounded_sum(const NodeFormats& formats, SumTerms terms);

}  // namespace halfulp::certificate
