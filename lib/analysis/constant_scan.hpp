// Facts of whole arrays of finite constants in one pass each, without branches: networks have millions of weights.
#pragma once

#include <vector>

#include "halfulp/enclosure/interval.hpp"

namespace halfulp {

bool all_finite(const std::vector<double>& values);

// Smallest and largest; the array is not empty.
Interval range_of(const std::vector<double>& values);

// The smallest last bit of any value, as a power of two; infinite if all are zero.
double finest_last_bit(const std::vector<double>& values);

// residual = deployed - real; false if some difference is not a double.
bool exact_residuals(const std::vector<double>& deployed, const std::vector<double>& real, std::vector<double>& residual);

}  // namespace halfulp
