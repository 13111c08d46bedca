// The values of a format as the rounding kernel sees them. Near x with 2^e <= |x| < 2^(e+1) they
// are the multiples of 2^q, q = max(e - stored_bits, lsb), cut off at `lowest` and `largest`. A
// fixed-point format has one q for all x.
#pragma once

#include "family.hpp"

namespace halfulp {

struct Grid {
  int stored_bits;  // P; larger than any exponent range for fixed point
  int lsb;          // exponent of the finest grid
  double largest;
  double lowest;
  double gap;  // without subnormals: smallest positive value, below which only zero is left; else 0
  double flush_below;  // 2^emin with the flush modifier, else 0
  bool has_negative_zero;
  int stochastic_bits;
};

inline constexpr int kOneGrid = 1 << 16;  // stored_bits of fixed point

// The rules of both families that are grids, fixed and float.
double round_double_on_grid(const Format& format, double x, std::uint32_t random);
void round_all_on_grid(const Format& format, std::span<const double> in, std::span<double> out,
                       std::uint64_t seed, std::uint64_t stream);
Expansion round_number_on_grid(const Format& format, const ExactNumber& x, std::uint32_t random);
bool overflows_grid(const Format& format, const ExactNumber& x);

Grid make_grid(const Format& format);
int finest_exponent(const Format& format);  // Grid::lsb, for formats wider than a double too

}  // namespace halfulp
