// Chooses the kernel of a block format.
#pragma once

#include <optional>

#include "group.hpp"

namespace halfulp::kernels {

// nullopt: not bfp or mx, or an element that no kernel of this type rounds to.
template <typename T>
std::optional<BlockPlan<T>> plan_blocks(const Format& format);

extern template std::optional<BlockPlan<float>> plan_blocks<float>(const Format&);
extern template std::optional<BlockPlan<double>> plan_blocks<double>(const Format&);

}  // namespace halfulp::kernels
