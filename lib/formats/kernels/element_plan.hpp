// Chooses the kernel of a format.
#pragma once

#include <optional>

#include "element.hpp"

namespace halfulp::kernels {

// nullopt: no vector kernel of this type rounds to the format.
template <typename T>
std::optional<ElementPlan<T>> plan_elements(const Format& format);

// The powers of two by which the values of a format may be multiplied so that the adding kernel still rounds to them.
struct ScaleRange {
  int least, greatest;
};
template <typename T>
ScaleRange adding_range(const Format& format);

extern template std::optional<ElementPlan<float>> plan_elements<float>(const Format&);
extern template std::optional<ElementPlan<double>> plan_elements<double>(const Format&);
extern template ScaleRange adding_range<float>(const Format&);
extern template ScaleRange adding_range<double>(const Format&);

}  // namespace halfulp::kernels
