#include "element_plan.hpp"

#include <cmath>
#include <limits>

#include "../overflow.hpp"

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
bool suits_adding(const GridShape& shape) {
  return shape.stored <= kStoredBits<T> - 2 && shape.floor_exponent - shape.stored > kLeastExponent<T> + 32 &&
         shape.end_exponent + kStoredBits<T> - shape.stored < kGreatestExponent<T>;
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
  plan.is_plain = saturates && plan.gap == 0 && plan.flush_below == 0 && !loses_sign;
  if (!plan.is_plain) return;
  plan.clamp_low = plan.lowest;
  plan.clamp_high = plan.largest;
}

}  // namespace

template <typename T>
std::optional<ElementPlan<T>> plan_elements(const Format& format) {
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

template std::optional<ElementPlan<float>> plan_elements<float>(const Format&);
template std::optional<ElementPlan<double>> plan_elements<double>(const Format&);

}  // namespace halfulp::kernels
