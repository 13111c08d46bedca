// Interpolation in the tables of a target.
#include <algorithm>
#include <cmath>

#include "halfulp/cost/operation.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

// x between grid[index] and grid[index + 1], `share` of the way; outside [0, 1] beyond the ends.
struct Position {
  std::size_t index = 0;
  double share = 0;
};

Position locate(const std::vector<double>& grid, double x, Interpolation interpolation) {
  if (grid.size() == 1) return {};
  const auto above = std::upper_bound(grid.begin(), grid.end(), x);
  const auto steps = std::clamp<std::ptrdiff_t>(above - grid.begin() - 1, 0, static_cast<std::ptrdiff_t>(grid.size()) - 2);
  const auto index = static_cast<std::size_t>(steps);
  const double low = grid[index], high = grid[index + 1];
  if (x == low) return {.index = index, .share = 0};
  if (x == high) return {.index = index, .share = 1};
  if (interpolation == Interpolation::kLinear) return {.index = index, .share = (x - low) / (high - low)};
  return {.index = index, .share = std::log(x / low) / std::log(high / low)};
}

double between(double low, double high, double share, Interpolation interpolation) {
  if (share == 0 || low == high) return low;
  if (share == 1) return high;
  if (interpolation == Interpolation::kLinear) return std::max(0.0, low + share * (high - low));
  return low * std::pow(high / low, share);
}

}  // namespace

double OperationTable::look_up(const Operands& operands) const {
  if (axes.empty()) return values.at(0);
  HALFULP_ASSERT(axes.size() <= 2 && axes.size() == grid.size());
  const Position last = locate(grid.back(), value_of(axes.back(), operands), interpolation);
  const std::size_t columns = grid.back().size();
  const auto along_row = [&](std::size_t row) {
    const std::size_t first = row * columns + last.index;
    return last.share == 0 ? values[first] : between(values[first], values[first + 1], last.share, interpolation);
  };
  if (axes.size() == 1) return along_row(0);
  const Position row = locate(grid.front(), value_of(axes.front(), operands), interpolation);
  if (row.share == 0) return along_row(row.index);
  return between(along_row(row.index), along_row(row.index + 1), row.share, interpolation);
}

}  // namespace halfulp
