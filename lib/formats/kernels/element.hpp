// What the element kernels are told about a format, and where they are.
//
// Both kernels take an x of an IEEE type T with `bits` stored significand bits, brought into the range where they work.
//
// Adding kernel: the values near x are the multiples of u = 2^(max(e(x), E) - P), E the exponent below which the grid stays the
// same. With M = 1.5 2^bits u the sum x + M is x rounded to a multiple of u, ties to even, and its last bits are the number of u.
// The other modes follow from the exact difference between x and (x + M) - M. Fixed point is the case of one E for all x.
// Requires P <= bits - 2, so that the number of u is at most 2^(bits - 1).
//
// Cutting kernel: the rounding is a cut of the bit pattern of |x| in the place where the format's code ends. One place for formats
// with the exponent range of T itself (bf16, tf32 and fp32 in float), subnormals included, and for powers of two; posit and takum
// have one for each exponent: after the run, or regime, and the exponent's own bits the code goes on as the pattern does, so that
// a carry leads to the next code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "draws.hpp"
#include "halfulp/formats/format.hpp"

namespace halfulp::kernels {

enum class ElementMethod : std::uint8_t { kAdd, kCut, kPower, kPosit, kTakum };

template <typename T>
struct ElementPlan {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

  const Format* format = nullptr;
  ElementMethod method = ElementMethod::kAdd;
  RoundingMode mode = RoundingMode::kNearestEven;
  // Overflow saturates, and the only special values are NaN: limiting x is all that is needed beside the rounding.
  bool is_plain = false;
  int dropped_bits = 0;               // kCut
  // kPower, kPosit, kTakum. The last kept bit is that of the code after adding code_offset.
  Bits code_offset = 0;
  Bits origin = 0;                        // bit pattern of 1
  Bits least_run = 0, most_run = 0;       // limits of the run, or of the biased number of characteristic bits
  Bits first_drop = 0;                    // bits dropped are this (modulo 2^32 or 2^64) plus the run
  Bits regime_place = 0;                  // kPosit: first bit of the regime in the pattern
  T least = 0;                            // smallest magnitude the kernel rounds, a value of the format
  bool least_is_known = false;            // smaller ones become 0 or `least`; else they are left to the scalar path
  Bits magic_offset = 0;              // kAdd: from the bit pattern of 2^e to that of M
  Bits ulp_offset = 0;                // kAdd: from the bit pattern of 2^e down to that of u
  T grid_floor = 0;                   // kAdd: 2^E
  T clamp_low = 0, clamp_high = 0;    // x is brought between these; plain: the limits of the format
  T largest = 0, lowest = 0;
  T above_largest = 0, below_lowest = 0;  // results of an overflow
  T gap = 0;                          // non-zero magnitudes below it are left to the scalar path
  T flush_below = 0;
  bool keeps_zero_sign = true;
  bool argument_overflows = false;    // beyond `largest` all is overflow, whatever it rounds to
  bool is_positive = false;           // zero and negative numbers become below_lowest
  bool overflow_is_rare = false;      // overflows are left to the scalar path (wrap)
  int stochastic_bits = 32;
};

inline constexpr std::size_t kMaxElements = 4096;  // of one call
inline constexpr std::size_t kStreamBytes = std::size_t{8} << 20;  // of an array: from here on results go past the caches

// `stream` writes past the caches: flush them afterwards (hwy::FlushStream). The arrays must not overlap.
template <typename T>
struct ElementJob {
  const ElementPlan<T>& plan;
  const T* in;
  DrawKey key;
  T* out;
  std::size_t count;  // at most kMaxElements
  bool stream;
};

void round_elements(const ElementJob<float>& job);
void round_elements(const ElementJob<double>& job);
// The kernels, by ElementPlan::method.
void round_by_adding(const ElementJob<float>& job);
void round_by_adding(const ElementJob<double>& job);
void round_by_cutting(const ElementJob<float>& job);
void round_by_cutting(const ElementJob<double>& job);
void round_by_tapering(const ElementJob<float>& job);
void round_by_tapering(const ElementJob<double>& job);

// The scalar path, one element after another; draws may be null for deterministic modes.
void round_scalar(const Format& format, const float* in, const std::uint32_t* draws, float* out, std::size_t count);
void round_scalar(const Format& format, const double* in, const std::uint32_t* draws, double* out, std::size_t count);

}  // namespace halfulp::kernels
