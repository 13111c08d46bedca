#include "element_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../overflow.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp::kernels {
namespace {

template <typename T>
constexpr int kStoredBits = std::numeric_limits<T>::digits - 1;
template <typename T>
constexpr int kLeastExponent = std::numeric_limits<T>::min_exponent - 1;
template <typename T>
constexpr int kGreatestExponent = std::numeric_limits<T>::max_exponent - 1;

bool is_element(const Format& format) {
  return format.family == FormatFamily::kFixed || format.family == FormatFamily::kFloat;
}

// The grid is constant below 2^floor_exponent and has `stored` bits above; nothing at or above 2^end_exponent is in range.
struct GridShape {
  int floor_exponent, stored, end_exponent;
};

GridShape shape_of(const Format& format) {
  if (format.family == FormatFamily::kFloat) return {format.emin, format.stored_significand_bits, format.emax + 1};
  const int integer_bits = format.width_bits - format.fraction_bits;
  const int top = integer_bits - (format.is_signed ? 1 : 0);
  return {top, top + format.fraction_bits, integer_bits};
}

// u/2 and 2^32/u stay normal, and M stays finite.
template <typename T>
ScaleRange range_of(const GridShape& shape) {
  return {kLeastExponent<T> + 33 - (shape.floor_exponent - shape.stored),
          kGreatestExponent<T> - 1 - (shape.end_exponent + kStoredBits<T> - shape.stored)};
}

template <typename T>
bool suits_adding(const GridShape& shape) {
  const ScaleRange range = range_of<T>(shape);
  return shape.stored <= kStoredBits<T> - 2 && range.least <= 0 && range.greatest >= 0;
}

template <typename T>
bool suits_cutting(const Format& format) {
  return format.family == FormatFamily::kFloat && format.has_subnormals && format.emin == kLeastExponent<T> &&
         format.emax <= kGreatestExponent<T> && format.stored_significand_bits <= kStoredBits<T>;
}

template <typename T>
typename ElementPlan<T>::Bits exponent_bits(int difference) {
  return static_cast<typename ElementPlan<T>::Bits>(difference) << kStoredBits<T>;
}

template <typename T>
typename ElementPlan<T>::Bits as_bits(int number) {
  return static_cast<typename ElementPlan<T>::Bits>(number);
}

template <typename T>
void set_limits(ElementPlan<T>& plan, const Format& format) {
  plan.largest = static_cast<T>(largest(format));
  plan.lowest = static_cast<T>(lowest(format));
  plan.overflow_is_rare = format.overflow == OverflowMode::kWrap;
  if (!plan.overflow_is_rare) {
    plan.above_largest = static_cast<T>(overflow_value(format, false, false));
    plan.below_lowest = static_cast<T>(overflow_value(format, true, false));
  }
  const bool is_float = format.family == FormatFamily::kFloat;
  plan.gap = is_float && !format.has_subnormals ? static_cast<T>(smallest_positive(format)) : T{0};
  plan.flush_below = format.flush_subnormals ? static_cast<T>(smallest_normal(format)) : T{0};
  plan.keeps_zero_sign = is_float && format.has_negative_zero;
  const bool saturates = format.overflow == OverflowMode::kSaturate || format.overflow == OverflowMode::kSaturateSymmetric;
  const bool loses_sign = plan.method == ElementMethod::kCut && !plan.keeps_zero_sign;
  plan.is_plain = saturates && plan.gap == 0 && plan.flush_below == 0 && !loses_sign && !plan.is_positive;
  if (!plan.is_plain) return;
  plan.clamp_low = plan.lowest;
  plan.clamp_high = plan.largest;
}

template <typename T>
ElementPlan<T> start_plan(const Format& format, ElementMethod method) {
  ElementPlan<T> plan{.format = &format, .method = method, .mode = format.rounding, .stochastic_bits = format.stochastic_bits};
  plan.clamp_high = std::numeric_limits<T>::max();
  plan.clamp_low = -plan.clamp_high;
  return plan;
}

// Limits of formats whose results beyond the last value depend on the argument alone.
template <typename T>
void set_hard_limits(ElementPlan<T>& plan, const Format& format) {
  set_limits(plan, format);
  plan.argument_overflows = true;
  plan.clamp_high = plan.largest;
  plan.clamp_low = plan.lowest;
}

// The code has N - 1 bits: run, ES, fraction. Where run and ES leave none for the fraction, bits of ES are dropped too, but never
// all of the run: a run of N - 1 equal bits is the largest value itself.
template <typename T>
std::optional<ElementPlan<T>> plan_posit(const Format& format) {
  const int es = format.exponent_bits, width = format.width_bits;
  const int greatest = (width - 2) << es;
  if (greatest >= kGreatestExponent<T>) return std::nullopt;
  auto plan = start_plan<T>(format, ElementMethod::kPosit);
  const int first_drop = 2 + es + kStoredBits<T> - (width - 1);
  plan.origin = exponent_bits<T>(kGreatestExponent<T>);
  plan.regime_place = as_bits<T>(kStoredBits<T> + es);
  plan.code_offset = width % 2 == 0 ? exponent_bits<T>(1 << es) : 0;
  plan.least_run = as_bits<T>(std::max(0, -first_drop));
  plan.most_run = as_bits<T>(width - 3);
  plan.first_drop = as_bits<T>(first_drop);
  plan.least = static_cast<T>(std::ldexp(1.0, -greatest));
  plan.least_is_known = true;
  set_hard_limits(plan, format);
  return plan;
}

// The least value of the format that is a normal number of T.
template <typename T>
T least_normal(const Format& format) {
  const auto normal = static_cast<double>(std::numeric_limits<T>::min());
  Format upward = format;
  upward.rounding = RoundingMode::kUp;
  return static_cast<T>(round_to(upward, normal));
}

// The code has N - 1 bits: direction, 3 regime bits, r characteristic bits, fraction.
template <typename T>
std::optional<ElementPlan<T>> plan_takum(const Format& format) {
  constexpr int kBias = kGreatestExponent<T>;
  auto plan = start_plan<T>(format, ElementMethod::kTakum);
  const int first_drop = 4 + kStoredBits<T> - (format.width_bits - 1);
  plan.origin = exponent_bits<T>(kBias);
  plan.least_run = as_bits<T>(kBias + std::max(0, -first_drop));
  plan.first_drop = as_bits<T>(first_drop - kBias);
  plan.least = least_normal<T>(format);
  plan.least_is_known = static_cast<double>(plan.least) == smallest_positive(format);
  set_hard_limits(plan, format);
  return plan;
}

// The code's last bit is that of exponent + bias.
template <typename T>
std::optional<ElementPlan<T>> plan_power(const Format& format) {
  auto plan = start_plan<T>(format, ElementMethod::kPower);
  plan.code_offset = exponent_bits<T>((kGreatestExponent<T> + format.bias) % 2);
  plan.least = least_normal<T>(format);
  plan.is_positive = !format.is_signed;
  set_limits(plan, format);
  const bool saturates = format.overflow == OverflowMode::kSaturate || format.overflow == OverflowMode::kSaturateSymmetric;
  if (plan.is_positive) plan.below_lowest = saturates ? plan.lowest : std::numeric_limits<T>::quiet_NaN();
  return plan;
}

}  // namespace

template <typename T>
std::optional<ElementPlan<T>> plan_elements(const Format& format) {
  if (format.family == FormatFamily::kPosit) return plan_posit<T>(format);
  if (format.family == FormatFamily::kTakum) return plan_takum<T>(format);
  if (format.family == FormatFamily::kPower) return plan_power<T>(format);
  if (!is_element(format)) return std::nullopt;
  ElementPlan<T> plan{.format = &format, .mode = format.rounding, .stochastic_bits = format.stochastic_bits};
  if (suits_cutting<T>(format)) {
    plan.method = ElementMethod::kCut;
    plan.dropped_bits = kStoredBits<T> - format.stored_significand_bits;
    plan.clamp_high = std::numeric_limits<T>::max();
    plan.clamp_low = -plan.clamp_high;
    set_limits(plan, format);
    return plan;
  }
  const GridShape shape = shape_of(format);
  if (!suits_adding<T>(shape)) return std::nullopt;
  plan.magic_offset = exponent_bits<T>(kStoredBits<T> - shape.stored) | exponent_bits<T>(1) >> 1;
  plan.ulp_offset = exponent_bits<T>(shape.stored);
  plan.grid_floor = static_cast<T>(std::ldexp(1.0, shape.floor_exponent));
  plan.clamp_high = static_cast<T>(std::ldexp(1.0, shape.end_exponent));
  plan.clamp_low = -plan.clamp_high;
  set_limits(plan, format);
  return plan;
}

template <typename T>
ScaleRange adding_range(const Format& format) {
  return range_of<T>(shape_of(format));
}

template ScaleRange adding_range<float>(const Format&);
template ScaleRange adding_range<double>(const Format&);
template std::optional<ElementPlan<float>> plan_elements<float>(const Format&);
template std::optional<ElementPlan<double>> plan_elements<double>(const Format&);

}  // namespace halfulp::kernels
