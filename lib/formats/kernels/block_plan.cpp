#include "block_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../block_scale.hpp"
#include "element_plan.hpp"

namespace halfulp::kernels {
namespace {

template <typename T>
constexpr int kStoredBits = std::numeric_limits<T>::digits - 1;

// The least stored significand from which on a magnitude of this exponent gets more than the scale 2^(exponent + offset).
template <typename T>
BitsOf<T> step_at(const Format& format, int exponent, int offset) {
  BitsOf<T> low = 0, high = BitsOf<T>{1} << kStoredBits<T>;
  while (low < high) {
    const BitsOf<T> middle = low + (high - low) / 2;
    const double magnitude = std::ldexp(1.0 + std::ldexp(static_cast<double>(middle), -kStoredBits<T>), exponent);
    if (scale_exponent(format, magnitude) > exponent + offset) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

template <typename T>
std::optional<BlockPlan<T>> plan_blocks(const Format& format) {
  if (format.family != FormatFamily::kBlock && format.family != FormatFamily::kMicroscaling) return std::nullopt;
  Format element = *format.element;
  element.rounding = format.rounding;
  element.stochastic_bits = format.stochastic_bits;
  const auto element_plan = plan_elements<T>(element);
  if (!element_plan || element_plan->method != ElementMethod::kAdd || !element_plan->is_plain) return std::nullopt;
  BlockPlan<T> plan{.element = *element_plan};
  plan.element.format = nullptr;
  const ScaleRange range = adding_range<T>(element);
  plan.least_exponent = std::max({range.least, -kMaxScaleExponent, std::numeric_limits<T>::min_exponent - 1});
  plan.greatest_exponent = std::min(range.greatest, kMaxScaleExponent);
  // Where the scale is about 1, no limit of the scales is near.
  const int exponent = std::ilogb(largest(*format.element));
  plan.offset = scale_exponent(format, std::ldexp(1.0, exponent)) - exponent;
  for (const int e : {exponent, exponent + 1}) plan.step[e & 1] = step_at<T>(format, e, plan.offset);
  return plan;
}

template <typename T>
Nvfp4Plan<T> plan_nvfp4(const Format& format, double tensor_scale) {
  Format element = *format.element;
  element.rounding = format.rounding;
  element.stochastic_bits = format.stochastic_bits;
  Format scale = make_float(4, 3);
  scale.emax = 8;
  scale.has_infinity = false;
  scale.max_finite_code = 0x7E;  // 448
  Nvfp4Plan<T> plan{.format = &format, .tensor_scale = tensor_scale, .element = *plan_elements<T>(element), .scale = *plan_elements<T>(scale)};
  plan.element.format = plan.scale.format = nullptr;
  return plan;
}

template Nvfp4Plan<float> plan_nvfp4(const Format&, double);
template Nvfp4Plan<double> plan_nvfp4(const Format&, double);
template std::optional<BlockPlan<float>> plan_blocks<float>(const Format&);
template std::optional<BlockPlan<double>> plan_blocks<double>(const Format&);

}  // namespace halfulp::kernels
