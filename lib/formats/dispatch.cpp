// The public functions on formats, each by the rules of the format's family.
#include <cmath>

#include "family.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

const ElementRules& elements_of(const Format& format) {
  const ElementRules* rules = family_of(format).elements;
  HALFULP_ASSERT(rules != nullptr);  // a group format has no rounding of single values
  return *rules;
}

std::uint64_t code_mask(const Format& format) {
  return format.width_bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << format.width_bits) - 1;
}

Expansion rounded_zero(const Format& format, std::uint32_t random) {
  if (format.has_zero) return {};
  return {{elements_of(format).round(format, 0.0, random)}};
}

}  // namespace

bool is_nearest(RoundingMode mode) {
  return mode == RoundingMode::kNearestEven || mode == RoundingMode::kNearestAway ||
         mode == RoundingMode::kNearestZero;
}

double round_to(const Format& format, double x, std::uint32_t random) {
  HALFULP_ASSERT(fits_double(format));
  return elements_of(format).round(format, x, random);
}

void round_to(const Format& format, std::span<const double> in, std::span<double> out,
              std::uint64_t seed, std::uint64_t stream) {
  HALFULP_ASSERT(fits_double(format));
  HALFULP_ASSERT(in.size() == out.size());
  elements_of(format).round_all(format, in, out, seed, stream);
}

void round_each(const Format& format, std::span<const double> in, std::span<double> out,
                std::uint64_t seed, std::uint64_t stream) {
  const bool draws = format.rounding == RoundingMode::kStochastic;
  const auto round = elements_of(format).round;
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = round(format, in[i], draws ? random_bits(seed, stream, i) : 0);
  }
}

Expansion round_exact(const Format& format, const LongAccumulator& x, std::uint32_t random) {
  if (x.is_zero()) return rounded_zero(format, random);
  return elements_of(format).round_number(format, ExactNumber(x), random);
}

Expansion round_quotient(const Format& format, const LongAccumulator& x, std::uint64_t n,
                         std::uint32_t random) {
  HALFULP_ASSERT(n > 0);
  if (x.is_zero()) return rounded_zero(format, random);
  return elements_of(format).round_number(format, ExactNumber(x, n), random);
}

bool overflows(const Format& format, const LongAccumulator& x) {
  if (is_grouped(format)) return false;
  if (x.is_zero()) return !format.has_zero;
  return elements_of(format).overflows(format, ExactNumber(x));
}

double decode(const Format& format, std::uint64_t code) {
  HALFULP_ASSERT(fits_double(format));
  HALFULP_ASSERT((code & ~code_mask(format)) == 0);
  return elements_of(format).decode(format, code);
}

std::optional<std::uint64_t> encode(const Format& format, double x) {
  HALFULP_ASSERT(fits_double(format));
  return elements_of(format).encode(format, x);
}

double max_rounding_error(const Format& format, double magnitude) {
  HALFULP_ASSERT(magnitude >= 0);
  if (is_grouped(format)) return max_group_rounding_error(format, magnitude);
  if (magnitude == 0 && format.has_zero) return 0;
  return elements_of(format).max_rounding_error(format, magnitude);
}

double largest(const Format& format) {
  return is_grouped(format) ? HUGE_VAL : elements_of(format).largest(format);
}

double lowest(const Format& format) {
  return is_grouped(format) ? -HUGE_VAL : elements_of(format).lowest(format);
}

double smallest_positive(const Format& format) {
  const Family& family = family_of(format);
  return family.groups != nullptr ? family.groups->smallest_positive(format)
                                  : family.elements->smallest_positive(format);
}

double smallest_normal(const Format& format) {
  if (is_grouped(format)) return smallest_positive(format);
  return elements_of(format).smallest_normal(format);
}

double unit_roundoff(const Format& format) {
  return is_grouped(format) ? 0 : elements_of(format).unit_roundoff(format);
}

bool fits_double(const Format& format) {
  return is_grouped(format) || elements_of(format).fits_double(format);
}

}  // namespace halfulp
