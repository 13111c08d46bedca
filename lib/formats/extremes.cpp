#include <cmath>

#include "binary64.hpp"
#include "grid.hpp"
#include "halfulp/formats/format.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

constexpr int kDoublePrecision = 53;

// (2^bits - 1) * 2^lsb, rounded down to a double.
double all_ones(int bits, int lsb) {
  if (bits <= kDoublePrecision) {
    return static_cast<double>((std::uint64_t{1} << bits) - 1) * power_of_two(lsb);
  }
  const auto top = static_cast<double>((std::uint64_t{1} << kDoublePrecision) - 1);
  return top * power_of_two(lsb + bits - kDoublePrecision);
}

bool zero_field_is_normal(const Format& format) { return format.emin == -format.bias; }

}  // namespace

double largest(const Format& format) {
  if (format.family == FormatFamily::kFixed) {
    return all_ones(format.width_bits - (format.is_signed ? 1 : 0), -format.fraction_bits);
  }
  const int stored = format.stored_significand_bits;
  const std::uint64_t hidden = std::uint64_t{1} << stored;
  const std::uint64_t significand = (format.max_finite_code & (hidden - 1)) | hidden;
  return static_cast<double>(significand) * power_of_two(format.emax - stored);
}

double lowest(const Format& format) {
  if (format.family == FormatFamily::kFloat) return -largest(format);
  if (!format.is_signed) return 0.0;
  if (format.overflow == OverflowMode::kSaturateSymmetric) {
    return format.width_bits == 1 ? 0.0 : -largest(format);
  }
  return -power_of_two(format.width_bits - 1 - format.fraction_bits);
}

bool is_grouped(const Format& format) { return format.family >= FormatFamily::kInteger; }

double smallest_positive(const Format& format) {
  const int finest = finest_exponent(format);
  if (format.family == FormatFamily::kFixed) {
    return format.width_bits == 1 && format.is_signed ? 0.0 : power_of_two(finest);
  }
  if (format.has_subnormals && !format.flush_subnormals) return power_of_two(finest);
  return smallest_normal(format);
}

double smallest_normal(const Format& format) {
  if (format.family == FormatFamily::kFixed) return smallest_positive(format);
  const double binade = power_of_two(format.emin);
  // The code of 2^emin is zero's there; the next one is the first non-zero value.
  return zero_field_is_normal(format) ? binade + power_of_two(finest_exponent(format)) : binade;
}

double unit_roundoff(const Format& format) {
  if (format.family == FormatFamily::kFixed) return 0;
  const bool nearest = format.rounding == RoundingMode::kNearestEven ||
                       format.rounding == RoundingMode::kNearestAway ||
                       format.rounding == RoundingMode::kNearestZero;
  return power_of_two(-format.stored_significand_bits - (nearest ? 1 : 0));
}

bool fits_double(const Format& format) {
  if (format.family == FormatFamily::kFloat) return true;
  return format.width_bits - (format.is_signed ? 1 : 0) <= kDoublePrecision;
}

}  // namespace halfulp
