// Which axis of an array the values of a group format (halfulp/formats/group.hpp) share their scales along.
//
// Activations (inputs, outputs and constant operands) of rank 4 and above have their channels along axis 1 (N,C,H,W), others
// along the last axis. Blocks run along the channels, and @channel gives a scale to each of them. Weights of a Linear node are a
// matrix of output channels x terms of the dot product in summation order: blocks run along the terms, @channel gives a scale to
// each output channel. Weights of dot products of one term, and biases, are vectors: blocks run along their only axis. Slopes of
// leaky functions are one value or vary along axis 1. axis<K> overrides all that.
#pragma once

#include "halfulp/formats/format.hpp"
#include "halfulp/operators/form.hpp"

namespace halfulp {

struct ArrayLayout {
  Shape shape;
  int block_axis = 0;
  int channel_axis = 0;
};

ArrayLayout activation_layout(const Shape& shape);
ArrayLayout weight_layout(const LinearMap& map);
ArrayLayout vector_layout(std::size_t size);
ArrayLayout slope_layout(const Shape& shape, std::size_t slopes);

// The axis that round_tensor takes for a format: that of channels or that of blocks.
int group_axis(const Format& format, const ArrayLayout& layout);
// Whether the array has the axis that axis<K> names.
bool fits_layout(const Format& format, const ArrayLayout& layout);

}  // namespace halfulp
