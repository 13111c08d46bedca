// Group formats (halfulp/formats/group.hpp) in a network: which values share a scale, and the rounding of whole arrays.
//
// Activations (inputs, outputs and constant operands) of rank 4 and above have their channels along axis 1 (N,C,H,W), others
// along the last axis. Blocks run along the channels, and @channel gives a scale to each of them. Weights of a Linear node are a
// matrix of output channels x terms of the dot product in summation order: blocks run along the terms, @channel gives a scale to
// each output channel. Weights of dot products of one term, and biases, are vectors: blocks run along their only axis. axis<K>
// overrides all that.
//
// A finished value is first rounded to odd to 53 bits. No scale or element of a deterministic format can tell: their thresholds
// have at most 52 significant bits, and rounding to odd keeps a value on its side of all those. Stochastic rounding draws for the
// 53-bit value.
#pragma once

#include "halfulp/operators/linear_map.hpp"
#include "rounder.hpp"

namespace halfulp::sim {

struct ArrayLayout {
  Shape shape;
  int block_axis = 0;
  int channel_axis = 0;
};

ArrayLayout activation_layout(const Shape& shape);
ArrayLayout weight_layout(const LinearMap& map);
ArrayLayout vector_layout(std::size_t size);

// Whether the array has the axis that the format's values share scales along.
bool fits_layout(const Format& format, const ArrayLayout& layout);
// Requires a group format that fits the layout, and values that are doubles.
void round_grouped(Values& values, const Format& format, const ArrayLayout& layout, const StreamKey& key, RoleIndex role);

// What an `output` format that is a group format means for a single value: binary64, rounded to odd, infinities kept.
const Format& grouped_carrier();

}  // namespace halfulp::sim
