// x^n for any integer n, rounded once.
#pragma once

#include "rounder.hpp"

namespace halfulp::sim {

inline constexpr int kMaxExponent = 1024;  // |n|; larger powers leave every format for all but x near 1

Expansion rounded_power(const Expansion& x, int exponent, const Rounder& output, std::uint64_t index);

}  // namespace halfulp::sim
