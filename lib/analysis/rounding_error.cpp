#include "rounding_error.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool wider_than_double(const Format& format) { return format.width_bits > 53 && format.family == FormatFamily::kFixed; }

// Saturation moves values beyond the limits back to them; elsewhere the rounding error alone remains.
Interval saturation_error(const Interval& range, const Interval& limits) {
  Interval error(0, 0);
  if (range.hi > limits.hi) error.lo = std::min(0.0, (Interval(limits.hi) - Interval(range.hi)).lo);
  if (range.lo < limits.lo) error.hi = std::max(0.0, (Interval(limits.lo) - Interval(range.lo)).hi);
  return error;
}

Format directed_double(RoundingMode mode) {
  Format format = make_float(11, 52);
  format.rounding = mode;
  return format;
}

}  // namespace

Interval format_limits(const Format& format) {
  const double high = wider_than_double(format) ? next_up(largest(format)) : largest(format);
  const bool symmetric = format.overflow == OverflowMode::kSaturateSymmetric && format.is_signed;
  return {symmetric ? -high : lowest(format), high};
}

int lsb_exponent(const Format& format) {
  switch (format.family) {
    case FormatFamily::kFixed: return -format.fraction_bits;
    case FormatFamily::kFloat: return format.emin - format.stored_significand_bits;
    default: return ValueGrid::kUnknown;
  }
}

bool is_random(const Format& format) {
  if (format.rounding != RoundingMode::kStochastic || format.flush_subnormals) return false;
  return format.family == FormatFamily::kFixed || (format.family == FormatFamily::kFloat && format.has_subnormals);
}

bool is_exact_on(const Format& format, const ValueGrid& grid) {
  if (grid.held && grid.held->family == format.family && format.family == FormatFamily::kFloat &&
      grid.held->emin - grid.held->stored_significand_bits >= format.emin - format.stored_significand_bits &&
      grid.held->stored_significand_bits <= format.stored_significand_bits && grid.held->emin >= format.emin &&
      !format.flush_subnormals && format.has_subnormals) {
    return true;
  }
  return format.family == FormatFamily::kFixed && grid.lsb != ValueGrid::kUnknown && grid.lsb >= -format.fraction_bits;
}

ValueGrid grid_after(const Format& format, const ValueGrid& before, bool overflow) {
  ValueGrid after{.lsb = lsb_exponent(format), .held = format};
  if (!overflow && is_exact_on(format, before) && before.lsb != ValueGrid::kUnknown) after.lsb = std::max(after.lsb, before.lsb);
  return after;
}

Interval rounding_error_of(const Format& format, const LongAccumulator& exact) {
  LongAccumulator difference;
  difference.add(round_exact(format, exact));
  difference.subtract(exact);
  static const Format down = directed_double(RoundingMode::kDown), up = directed_double(RoundingMode::kUp);
  return {round_exact(down, difference).part[0], round_exact(up, difference).part[0]};
}

Interval near_candidate(const Format& format, const Interval& error, double distance) {
  const bool nearest = format.rounding == RoundingMode::kNearestEven || format.rounding == RoundingMode::kNearestAway ||
                       format.rounding == RoundingMode::kNearestZero;
  const bool by_value = format.family == FormatFamily::kFixed || format.family == FormatFamily::kFloat;  // posits round their codes
  if (!nearest || !by_value || format.flush_subnormals) return error;
  return intersect(error, {-distance, distance});
}

RoundingRule::RoundingRule(const Format& format, const ValueGrid& grid)
    : format_(format), limits_(format_limits(format)), exact_(is_exact_on(format, grid)) {}

// The rounding part alone: no overflow, subnormals included. Normal numbers of one binade of a float format err alike.
Interval RoundingRule::plain_error(double magnitude) {
  if (!std::isfinite(magnitude)) return {-kInfinity, kInfinity};
  if (!(magnitude > same_above_ && magnitude <= same_to_)) {
    same_error_ = max_rounding_error(format_, magnitude);
    same_above_ = same_to_ = magnitude;
    if (format_.family == FormatFamily::kFloat && magnitude > smallest_normal(format_) && magnitude < 0x1p1000) {
      int exponent = 0;
      const bool power = std::frexp(magnitude, &exponent) == 0.5;
      same_to_ = std::ldexp(1.0, power ? exponent - 1 : exponent);
      same_above_ = same_to_ / 2;
    }
  }
  switch (format_.rounding) {
    case RoundingMode::kUp: return {0, same_error_};
    case RoundingMode::kDown: return {-same_error_, 0};
    default: return {-same_error_, same_error_};
  }
}

RoundingEffect RoundingRule::effect(const Interval& range) {
  RoundingEffect effect;
  const double reach = std::min(magnitude(range), std::max(std::fabs(limits_.lo), std::fabs(limits_.hi)));
  const bool bounded = std::isfinite(range.lo) && std::isfinite(range.hi);
  effect.error = exact_ ? Interval(0) : plain_error(bounded ? reach : kInfinity);
  const Interval rounded = range + effect.error;
  effect.after = Interval(std::clamp(rounded.lo, limits_.lo, limits_.hi), std::clamp(rounded.hi, limits_.lo, limits_.hi));
  if (range.lo >= limits_.lo && range.hi <= limits_.hi) return effect;
  effect.overflow = true;
  if (format_.overflow == OverflowMode::kSaturate || format_.overflow == OverflowMode::kSaturateSymmetric) {
    effect.error = effect.error + saturation_error(range, limits_);
  } else if (format_.overflow == OverflowMode::kWrap) {
    effect.after = limits_;
    effect.error = limits_ - range;
  } else {
    effect.after = effect.error = {-kInfinity, kInfinity};
  }
  return effect;
}

RoundingEffect rounding_effect(const Format& format, const Interval& range, const ValueGrid& grid) {
  return RoundingRule(format, grid).effect(range);
}

}  // namespace halfulp
