// What the element kernels are told about a format, and where they are.
//
// Both kernels work on the magnitude a = |x| of an IEEE number of type T with `bits` stored significand bits and give the sign
// back at the end.
//
// Adding kernel: the values near a are the multiples of u = 2^(max(e(a), E) - P), E the exponent below which the grid stays the
// same. With M = 2^bits u the sum a + M is a rounded to a multiple of u, ties to even, and its last bits are the number of u.
// The other modes follow from the exact difference between a and (a + M) - M. Fixed point is the case E = its integer bits.
// Requires P < bits, so that the number of u is at most 2^bits.
//
// Cutting kernel: for formats with the exponent range of T itself (bf16, tf32 and fp32 in float), whose rounding is a cut of the
// bit pattern at one place, subnormals included.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "halfulp/formats/format.hpp"

namespace halfulp::kernels {

enum class ElementMethod : std::uint8_t { kAdd, kCut };

template <typename T>
struct ElementPlan {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

  const Format* format = nullptr;
  ElementMethod method = ElementMethod::kAdd;
  RoundingMode mode = RoundingMode::kNearestEven;
  int dropped_bits = 0;        // kCut
  Bits magic_offset = 0;       // kAdd: from the bit pattern of 2^e to that of M
  Bits ulp_offset = 0;         // kAdd: from the bit pattern of 2^e down to that of u
  T grid_floor = 0;            // kAdd: 2^E
  T clamp = 0;                 // kAdd: everything from here on overflows like it
  T largest = 0, lowest = 0;
  T above_largest = 0, below_lowest = 0;  // results of an overflow
  T gap = 0;                   // non-zero magnitudes below it are left to the scalar path
  T flush_below = 0;
  T zero = 0;                  // added last: -0 keeps the sign of a zero, +0 drops it
  bool overflow_is_rare = false;  // overflows are left to the scalar path (wrap)
  int stochastic_bits = 32;
};

// Rounds count elements; draws[i] belongs to element i (null for deterministic modes). `stream` writes past the caches.
using DrawsPointer = const std::uint32_t*;
void round_elements(const ElementPlan<float>& plan, const float* in, DrawsPointer draws, float* out, std::size_t count, bool stream);
void round_elements(const ElementPlan<double>& plan, const double* in, DrawsPointer draws, double* out, std::size_t count,
                    bool stream);

// The scalar path, one element after another.
void round_scalar(const Format& format, const float* in, DrawsPointer draws, float* out, std::size_t count);
void round_scalar(const Format& format, const double* in, DrawsPointer draws, double* out, std::size_t count);

}  // namespace halfulp::kernels
