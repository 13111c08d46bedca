#include "ziv.hpp"

#include <cmath>

#include "cell.hpp"
#include "special_values.hpp"

namespace halfulp::detail {
namespace {

constexpr long kWrapLimit = 65536;

std::optional<Expansion> round_ends(const Format& format, mpfr_srcptr lo, mpfr_srcptr hi,
                                    std::uint32_t random) {
  const Expansion low = round_exact(format, to_accumulator(lo, End::kOpenBelow), random);
  const Expansion high = round_exact(format, to_accumulator(hi, End::kOpenAbove), random);
  if (!same_value(low, high)) return std::nullopt;
  return low;
}

// Wrapping is not monotone: equal ends decide only when they are nearer than half a unit in the
// last place. Both ends are moved by the same multiple of the period 2^(width - fraction bits)
// first, to fit the accumulator.
std::optional<Expansion> round_wrapping(const Format& format, const Number& lo, const Number& hi,
                                        std::uint32_t random) {
  const bool beyond = !mpfr_number_p(lo) || !mpfr_number_p(hi) ||
                      (!mpfr_zero_p(hi) && mpfr_get_exp(hi) > kWrapLimit);
  if (beyond) return not_a_number();
  Number distance(mpfr_get_prec(hi));
  mpfr_sub(distance, hi, lo, MPFR_RNDU);
  if (!mpfr_zero_p(distance) && mpfr_get_exp(distance) > -format.fraction_bits - 1)
    return std::nullopt;
  Number period(2);
  mpfr_set_ui_2exp(period, 1, format.width_bits - format.fraction_bits, MPFR_RNDN);
  Number low(mpfr_get_prec(lo));
  Number high(mpfr_get_prec(hi));
  mpfr_fmod(low, lo, period, MPFR_RNDD);
  mpfr_add(high, low, distance, MPFR_RNDU);
  return round_ends(format, low, high, random);
}

}  // namespace

bool same_value(const Expansion& a, const Expansion& b) {
  for (int i = 0; i < kMaxPlanes; ++i) {
    const bool both_nan = std::isnan(a.part[i]) && std::isnan(b.part[i]);
    if (a.part[i] != b.part[i] && !both_nan) return false;
  }
  return true;
}

std::optional<Expansion> round_enclosure(const Format& format, const Number& lo, const Number& hi,
                                         std::uint32_t random) {
  const bool wraps =
      format.overflow == OverflowMode::kWrap && format.family == FormatFamily::kFixed;
  if (mpfr_equal_p(lo, hi) && !mpfr_inf_p(lo))
    return round_exact(format, to_accumulator(lo, End::kClosed), random);
  return wraps ? round_wrapping(format, lo, hi, random) : round_ends(format, lo, hi, random);
}

}  // namespace halfulp::detail
