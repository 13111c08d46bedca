// What the bit patterns of an array of doubles say of its values, zeros aside.
#pragma once

#include <cstddef>

namespace halfulp::kernels {

struct Examined {
  double least = 0, greatest = 0;  // magnitudes; 0, 0: all zero
  double last_place = 0;           // the least last set bit of a value, a power of two
  int bits = 0;                    // the most significant bits of a value
  bool is_finite = true;
};

// Subnormal numbers count as one with more bits than they have.
Examined examine_doubles(const double* x, std::size_t count);

}  // namespace halfulp::kernels
