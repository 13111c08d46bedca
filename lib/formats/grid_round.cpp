// Rounding of doubles to fixed and float formats, one and in bulk.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernel.hpp"
#include "overflow.hpp"
#include "kernels/ars.hpp"

namespace halfulp {
namespace {

// The multiple of the last place congruent to x modulo 2^width units, in the range of the format.
// Every step is exact: the terms are multiples of one last place below 2^53 of them.
double wrap(const Format& format, double x) {
  const double modulus = power_of_two(format.width_bits - format.fraction_bits);
  double rest = std::fmod(x, modulus);
  if (!format.is_signed) {
    if (rest < 0) rest += modulus;
  } else if (rest >= modulus / 2) {
    rest -= modulus;
  } else if (rest < -modulus / 2) {
    rest += modulus;
  }
  return rest == 0 ? 0.0 : rest;
}

}  // namespace

double round_special(const Format& format, double x) {
  if (std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
  return overflow_value(format, x < 0, true);
}

double round_overflow(const Format& format, double unbounded) {
  if (format.overflow == OverflowMode::kWrap) return wrap(format, unbounded);
  return overflow_value(format, unbounded < 0, false);
}

double round_double_on_grid(const Format& format, double x, std::uint32_t random) {
  const Grid grid = make_grid(format);
  return with_mode(format.rounding, [&]<RoundingMode mode>() {
    return round_on_grid<mode>(format, grid, x, random);
  });
}

void round_all_on_grid(const Format& format, std::span<const double> in, std::span<double> out,
                       std::uint64_t seed, std::uint64_t stream) {
  const Grid grid = make_grid(format);
  with_mode(format.rounding, [&]<RoundingMode mode>() {
    if constexpr (mode != RoundingMode::kStochastic) {
      for (std::size_t i = 0; i < in.size(); ++i) {
        out[i] = round_on_grid<mode>(format, grid, in[i], 0);
      }
    } else {
      for (std::size_t start = 0; start < in.size(); start += kernels::kArsWords) {
        const auto words = kernels::ars_block(seed, stream, start / kernels::kArsWords);
        const std::size_t count = std::min(kernels::kArsWords, in.size() - start);
        for (std::size_t i = 0; i < count; ++i) {
          out[start + i] = round_on_grid<mode>(format, grid, in[start + i], words[i]);
        }
      }
    }
  });
}

}  // namespace halfulp
