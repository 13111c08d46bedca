#include "constant_scan.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace halfulp {
namespace {

constexpr std::size_t kParts = 8;

// combine(part, x) over all values in kParts parts side by side, which the compiler turns into vectors.
template <typename Combine>
void in_parts(const std::vector<double>& values, double (&parts)[kParts], Combine&& combine) {
  std::size_t i = 0;
  for (; i + kParts <= values.size(); i += kParts) {
    for (std::size_t l = 0; l < kParts; ++l) parts[l] = combine(parts[l], values[i + l]);
  }
  for (; i < values.size(); ++i) parts[0] = combine(parts[0], values[i]);
}

double lesser(double a, double b) { return b < a ? b : a; }
double greater(double a, double b) { return a < b ? b : a; }

// Clearing the last bit of a significand that has one below its leading bit leaves the number without it.
double last_bit(double x) {
  constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52) - 1;
  const double magnitude = std::fabs(x);
  const auto bits = std::bit_cast<std::uint64_t>(magnitude);
  const double rest = (bits & kFraction) == 0 ? 0.0 : std::bit_cast<double>(bits & (bits - 1));
  const double last = magnitude - rest;
  return last == 0 ? std::numeric_limits<double>::infinity() : last;
}

}  // namespace

bool all_finite(const std::vector<double>& values) {
  double parts[kParts] = {};
  in_parts(values, parts, [](double part, double x) { return part + x * 0.0; });
  return std::all_of(parts, parts + kParts, [](double part) { return part == 0; });
}

Interval range_of(const std::vector<double>& values) {
  double low[kParts], high[kParts];
  std::fill(low, low + kParts, values[0]);
  std::fill(high, high + kParts, values[0]);
  in_parts(values, low, lesser);
  in_parts(values, high, greater);
  return {*std::min_element(low, low + kParts), *std::max_element(high, high + kParts)};
}

double finest_last_bit(const std::vector<double>& values) {
  double parts[kParts];
  std::fill(parts, parts + kParts, std::numeric_limits<double>::infinity());
  in_parts(values, parts, [](double part, double x) { return lesser(part, last_bit(x)); });
  return *std::min_element(parts, parts + kParts);
}

// The errors of the differences by TwoSum; a sum of magnitudes is zero if all are.
bool exact_residuals(const std::vector<double>& deployed, const std::vector<double>& real, std::vector<double>& residual) {
  residual.resize(real.size());
  double lost[kParts] = {};
  const auto one = [&](std::size_t i, std::size_t l) {
    const double a = deployed[i], b = -real[i], sum = a + b, part = sum - a;
    lost[l] += std::fabs((a - (sum - part)) + (b - part));
    residual[i] = sum;
  };
  std::size_t i = 0;
  for (; i + kParts <= real.size(); i += kParts) {
    for (std::size_t l = 0; l < kParts; ++l) one(i + l, l);
  }
  for (; i < real.size(); ++i) one(i, 0);
  return std::all_of(lost, lost + kParts, [](double error) { return error == 0; });
}

}  // namespace halfulp
