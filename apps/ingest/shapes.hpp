// Shape arithmetic of the lowering, all of it checked: extents come from a stranger's program.
#pragma once

#include <optional>
#include <vector>

#include "halfulp/support/tensor.hpp"

namespace halfulp::ingest_child {

// NumPy broadcasting; empty where the shapes do not fit.
std::optional<Shape> broadcast(const Shape& a, const Shape& b);

// -rank <= dim < rank, made non-negative.
std::optional<std::int64_t> normal_dim(std::int64_t dim, std::size_t rank);

// `wanted` with at most one -1 filled in so that it has `count` elements.
std::optional<Shape> completed_shape(const Shape& wanted, std::int64_t count);

// Windows of a convolution or pooling along one axis: floor, or ceil mode, where the last window must start inside the
// input or its left padding. Empty where no window fits.
std::optional<std::int64_t> window_count(std::int64_t extent, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                                         std::int64_t dilation, bool ceil_mode);

}  // namespace halfulp::ingest_child
