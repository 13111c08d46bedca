// Group formats (halfulp/formats/group.hpp) in a network: the rounding of whole arrays (operators/array_layout.hpp says which values share a scale).
//
// A finished value is first rounded to odd to 53 bits. No scale or element of a deterministic format can tell: their thresholds
// have at most 52 significant bits, and rounding to odd keeps a value on its side of all those. Stochastic rounding draws for the
// 53-bit value.
#pragma once

#include "halfulp/operators/array_layout.hpp"
#include "rounder.hpp"

namespace halfulp::sim {

// Requires a group format that fits the layout, and values that are doubles. Sets their unit where they have one.
void round_grouped(Values& values, const Format& format, const ArrayLayout& layout, const StreamKey& key, RoleIndex role);

// What an `output` format that is a group format means for a single value: binary64, rounded to odd, infinities kept.
const Format& grouped_carrier();

}  // namespace halfulp::sim
