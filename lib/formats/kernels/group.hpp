// What the kernels of group formats are told, and where they are. A tensor is rounded in chunks: first the largest magnitude of each
// group, then the scales, then the values. What a kernel does not know (NaN and infinities, scales beyond its range, decisions too
// close for its precision) it says, and the scalar path takes that group or chunk.
#pragma once

#include <cstddef>
#include <span>

#include "element.hpp"

namespace halfulp::kernels {

template <typename T>
using BitsOf = typename ElementPlan<T>::Bits;

// Finite values only; `finite` says whether there were others, and then the rest does not count.
template <typename T>
struct Extent {
  T lowest = 0, largest = 0;
  bool finite = true;
};
Extent<float> find_extent(std::span<const float> values);
Extent<double> find_extent(std::span<const double> values);
// Widens the extents of `count` columns by one row; NaN does not survive it, infinities do.
void widen_columns(const float* row, std::size_t count, float* lowest, float* largest);
void widen_columns(const double* row, std::size_t count, double* lowest, double* largest);

// Bit patterns of the largest magnitude of each block of `block` values, the last block may be shorter. Those of NaN and
// infinities are the largest.
void find_maxima(std::span<const float> values, std::size_t block, std::uint32_t* maxima);
void find_maxima(std::span<const double> values, std::size_t block, std::uint64_t* maxima);
// maxima[i] of `count` columns and one more row.
void raise_maxima(const float* row, std::size_t count, std::uint32_t* maxima);
void raise_maxima(const double* row, std::size_t count, std::uint64_t* maxima);

// Values between blocks of whose scales nothing depends on the others.
template <typename T>
struct GroupJob {
  const T* in = nullptr;
  DrawKey key;
  T* out = nullptr;
  std::size_t count = 0;  // at most kMaxElements
  std::size_t block = 0;  // scale i / block is that of element i; 1: a scale each
  bool stream = false;
};

// bfp and mx. A block of largest magnitude m = 2^e (1 + f) has the scale 2^(e + offset), or twice that from f = step on; the step
// of odd e may differ. Scales that the kernel does not take are given as zero, but blocks of zeros get the scale 1.
template <typename T>
struct BlockPlan {
  ElementPlan<T> element;
  int offset = 0;
  BitsOf<T> step[2] = {};                 // of even and odd e, as stored significands
  int least_exponent = 0, greatest_exponent = 0;  // of scales
};
void find_block_scales(const BlockPlan<float>& plan, const std::uint32_t* maxima, std::size_t count, float* scales);
void find_block_scales(const BlockPlan<double>& plan, const std::uint64_t* maxima, std::size_t count, double* scales);
// False: some decision is left open, and the results are not to be used.
bool round_blocks(const BlockPlan<float>& plan, const GroupJob<float>& job, const float* scales);
bool round_blocks(const BlockPlan<double>& plan, const GroupJob<double>& job, const double* scales);
// All steps at once, for whole blocks of a few vectors. False where a block needs the scalar path, and for other blocks.
bool round_small_blocks(const BlockPlan<float>& plan, const GroupJob<float>& job);
bool round_small_blocks(const BlockPlan<double>& plan, const GroupJob<double>& job);

// Whether the machine has fused multiplication and addition, without which what follows decides nothing.
bool has_fused_kernels();

// nvfp4. The scale of a block is tensor_scale times a number of e4m3, and the latter is what is found; zero: not decided.
template <typename T>
struct Nvfp4Plan {
  const Format* format = nullptr;
  double tensor_scale = 1;          // a normal float32, far from the ends of its range
  ElementPlan<T> element, scale;    // e2m1 in the mode of the format; e4m3 to nearest even
};
template <typename T>
Nvfp4Plan<T> plan_nvfp4(const Format& format, double tensor_scale);
void find_nvfp4_scales(const Nvfp4Plan<float>& plan, const std::uint32_t* maxima, std::size_t count, float* scales);
void find_nvfp4_scales(const Nvfp4Plan<double>& plan, const std::uint64_t* maxima, std::size_t count, double* scales);
bool round_nvfp4(const Nvfp4Plan<float>& plan, const GroupJob<float>& job, const float* scales);
bool round_nvfp4(const Nvfp4Plan<double>& plan, const GroupJob<double>& job, const double* scales);

// int and uint: scale (k - zero), the code k - zero limited. One of all, or arrays of one for each element, which the last vector
// may read beyond their end by a vector.
template <typename T>
struct IntegerPlan {
  const Format* format = nullptr;
  bool each = false;
  const T *scale = nullptr, *zero = nullptr, *low = nullptr, *high = nullptr;
};
// False: not all finite, or this machine has no fused multiplication and addition.
bool round_integers(const IntegerPlan<float>& plan, const GroupJob<float>& job);
bool round_integers(const IntegerPlan<double>& plan, const GroupJob<double>& job);

}  // namespace halfulp::kernels
