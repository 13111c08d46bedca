// One step of many dot products at once, in double: out[r, j] = round( x[r, j] + factor[r] y[r, j] ), all products exact.
//
// Where a sum x + p is not a double it is rounded to odd first (Boldo and Melquiond, IEEE Trans. Comput. 57, 2008): to the
// neighbour whose last bit is one. What lies strictly between two multiples of four such units stays there, so that the rounding
// to a format whose values and rounding boundaries have at most 51 bits is that of the exact sum. The error of x + p is
// Knuth's (TwoSum), its sign says where the exact sum lies.
#pragma once

#include <cstddef>
#include <cstdint>

#include "element.hpp"

namespace halfulp::kernels {

inline constexpr std::size_t kPanelGroup = 16;  // rows have a multiple of this many elements

struct PanelJob {
  const double* x = nullptr;               // null: zeros
  const double* factor = nullptr;          // one a row, `factor_pitch` apart
  std::size_t factor_pitch = 0;
  const double* y = nullptr;               // rows `y_pitch` apart
  std::size_t y_pitch = 0;
  const std::uint32_t* draws = nullptr;    // of the stochastic mode
  double* out = nullptr;                   // may be x or y; the rows of x, draws and out are `count` apart
  std::size_t rows = 1, count = 0;
};

// Whether panel_step() rounds by the plan itself.
bool rounds_in_step(const ElementPlan<double>& plan);

// With `plan` null the sum, or product, is left as it is or rounded to odd. `is_exact`: all sums are doubles, or may be rounded to the
// nearest first. A zero that is a
// sum is +0.
void panel_step(const ElementPlan<double>* plan, bool is_exact, const PanelJob& job);

// out[t pitch + j] = random_bits(seed, stream, first + j stride + t) for t < 4 and j < count. Requires multiples of 4 for first and
// stride, of kPanelGroup for count.
struct StridedDraws {
  std::uint64_t seed = 0, stream = 0, first = 0, stride = 0;
  std::size_t count = 0, pitch = 0;
  std::uint32_t* out = nullptr;
};
void fill_strided_draws(const StridedDraws& job);

}  // namespace halfulp::kernels
