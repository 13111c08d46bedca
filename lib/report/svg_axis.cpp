#include "svg_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

constexpr std::array<int, 3> kDigits = {1, 2, 5};

// The double nearest to digit * 10^exponent.
double decimal(long digit, int exponent) { return std::strtod(fmt::format("{}e{}", digit, exponent).c_str(), nullptr); }

struct Step {
  int digit, exponent;
  double value() const { return decimal(digit, exponent); }
};

Step next(const Step& step) {
  if (step.digit == 5) return {1, step.exponent + 1};
  return {step.digit == 1 ? 2 : 5, step.exponent};
}

std::vector<double> linear_ticks(double low, double high, int wanted) {
  const double coarse = (high - low) / wanted;
  Step step{1, static_cast<int>(std::floor(std::log10(coarse))) - 1};
  while (step.value() < coarse) step = next(step);
  auto first = static_cast<long>(std::floor(low / step.value()));
  if (decimal(first * step.digit, step.exponent) > low) --first;
  std::vector<double> ticks;
  for (long k = first; ticks.empty() || ticks.back() < high; ++k) ticks.push_back(decimal(k * step.digit, step.exponent));
  return ticks;
}

std::vector<double> log_ticks(double low, double high) {
  const bool dense = high / low < 100;
  std::vector<double> ticks;
  for (int exponent = static_cast<int>(std::floor(std::log10(low))) - 1; ticks.empty() || ticks.back() < high; ++exponent) {
    for (const int digit : kDigits) {
      const double tick = decimal(digit, exponent);
      if (digit != 1 && !dense) continue;
      if (!ticks.empty() && ticks.back() >= high) break;
      if (tick <= low) ticks.clear();
      ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace

std::vector<double> axis_ticks(Scale scale, double low, double high, int wanted) {
  HALFULP_ASSERT(low < high && std::isfinite(high - low) && wanted > 0);
  if (scale == Scale::kLinear) return linear_ticks(low, high, wanted);
  HALFULP_ASSERT(low > 0);
  return log_ticks(low, high);
}

namespace svg {
namespace {

// A range that is not empty, around `low` .. `high`.
void widen(Scale scale, double& low, double& high) {
  if (low < high) return;
  if (scale == Scale::kLog) {
    low /= 2;
    high *= 2;
    return;
  }
  const double half = low == 0 ? 1 : std::fabs(low) / 2;
  low -= half;
  high += half;
}

}  // namespace

AxisMap::AxisMap(const ChartAxis& axis, const std::vector<double>& values) : scale_(axis.scale) {
  std::vector<double> placed;
  std::copy_if(values.begin(), values.end(), std::back_inserter(placed), [&](double v) { return has_place(v); });
  if (placed.empty()) placed = {1};
  const auto [least, greatest] = std::minmax_element(placed.begin(), placed.end());
  low_ = axis.low.value_or(*least);
  high_ = axis.high.value_or(*greatest);
  widen(scale_, low_, high_);
  ticks_ = axis_ticks(scale_, low_, high_);
  if (!axis.low) low_ = ticks_.front();
  if (!axis.high) high_ = ticks_.back();
  std::erase_if(ticks_, [&](double tick) { return tick < low_ || tick > high_; });
}

bool AxisMap::has_place(double value) const { return std::isfinite(value) && (scale_ == Scale::kLinear || value > 0); }

double AxisMap::share(double value) const {
  if (scale_ == Scale::kLinear) return (value - low_) / (high_ - low_);
  return (std::log10(value) - std::log10(low_)) / (std::log10(high_) - std::log10(low_));
}

std::string tick_text(double tick) {
  std::string text = fmt::format("{:.6g}", tick == 0 ? 0.0 : tick);
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;
  if (text[e + 2] == '0') text.erase(e + 2, 1);
  if (text[e + 1] == '+') text.erase(e + 1, 1);
  return text;
}

}  // namespace svg
}  // namespace halfulp
