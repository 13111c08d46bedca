#include "cell.hpp"

#include <cmath>

#include "number.hpp"

namespace halfulp::detail {
namespace {

constexpr long kGridExponent = -2139;
constexpr long kCeilingExponent = 1100;
constexpr int kChunkBits = 53;

// sum += integer * 2^exponent, as a product of two doubles.
void add_scaled(LongAccumulator& sum, double integer, long exponent) {
  const int half = static_cast<int>(exponent / 2);
  sum.add_product(std::ldexp(integer, half), std::ldexp(1.0, static_cast<int>(exponent) - half));
}

// sum += x cut toward zero to a multiple of the grid; whether something was cut off.
bool add_on_grid(LongAccumulator& sum, mpfr_srcptr x) {
  Number rest(mpfr_get_prec(x));
  Number chunk(kChunkBits);
  mpfr_set(rest, x, MPFR_RNDN);
  while (!mpfr_zero_p(rest)) {
    long exponent = 0;
    const double fraction = mpfr_get_d_2exp(&exponent, rest, MPFR_RNDZ);
    if (exponent <= kGridExponent) return true;
    long weight = exponent - kChunkBits;
    double integer = std::ldexp(fraction, kChunkBits);
    if (weight < kGridExponent) {
      integer = std::trunc(std::ldexp(integer, static_cast<int>(weight - kGridExponent)));
      weight = kGridExponent;
    }
    add_scaled(sum, integer, weight);
    mpfr_set_d(chunk, integer, MPFR_RNDN);
    mpfr_mul_2si(chunk, chunk, weight, MPFR_RNDN);
    mpfr_sub(rest, rest, chunk, MPFR_RNDN);
  }
  return false;
}

}  // namespace

LongAccumulator to_accumulator(mpfr_srcptr x, End end) {
  LongAccumulator sum;
  sum.clear();
  const int sign = mpfr_sgn(x);
  if (sign != 0 && (mpfr_inf_p(x) || mpfr_get_exp(x) > kCeilingExponent)) {
    add_scaled(sum, sign, kCeilingExponent);
    return sum;
  }
  const bool cut = add_on_grid(sum, x);
  if (cut) {
    add_scaled(sum, sign, kGridExponent - 1);
  } else if (end != End::kClosed) {
    add_scaled(sum, end == End::kOpenBelow ? 1 : -1, kGridExponent - 1);
  }
  return sum;
}

}  // namespace halfulp::detail
