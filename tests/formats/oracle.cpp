#include "oracle.hpp"

#include <gmp.h>

#include <algorithm>
#include <cmath>

#include "halfulp/support/assert.hpp"
#include "value_table.hpp"

namespace halfulp::test {
namespace {

constexpr mpfr_prec_t kPrecision = 4800;

bool is_odd(const Mp& integer) {
  mpz_t z;
  mpz_init(z);
  HALFULP_ASSERT(mpfr_get_z(z, integer.get(), MPFR_RNDN) == 0);
  const bool odd = mpz_odd_p(z) != 0;
  mpz_clear(z);
  return odd;
}

Mp nan_value() {
  Mp result;
  mpfr_set_nan(result.get());
  return result;
}

Mp zero_value(const Format& format, bool negative) {
  Mp result;
  const bool keeps = format.family == FormatFamily::kFloat && format.has_negative_zero;
  mpfr_set_zero(result.get(), negative && keeps ? -1 : 1);
  return result;
}

// The two neighbours of x (or x / divisor) on the grid without upper limit, in units that make them
// integers, or zero and one smallest number.
struct Neighbours {
  Mp lower, upper;
  Mp unit;
  Mp x;  // the (quotient of the) argument in units, rounded to odd where it is a quotient
};

// Sticky quotient: precise enough that every comparison with a midpoint of two neighbours comes out
// right.
Mp quotient(const Mp& x, unsigned long divisor) {
  if (divisor == 1) return x;
  Mp result;
  const int inexact = mpfr_div_ui(result.get(), x.get(), divisor, MPFR_RNDZ);
  if (inexact != 0 && mpfr_min_prec(result.get()) < kPrecision) {
    // A trailing one stands for what was cut off.
    Mp tail = scaled(Mp(mpfr_sgn(x.get())), mpfr_get_exp(result.get()) - kPrecision);
    mpfr_add(result.get(), result.get(), tail.get(), MPFR_RNDZ);
  }
  return result;
}

Neighbours neighbours(const Format& format, const Mp& x) {
  Neighbours result;
  long unit_exponent = -format.fraction_bits;
  Mp unit(1.0);
  if (format.family == FormatFamily::kFloat) {
    const long exponent = mpfr_get_exp(x.get()) - 1;
    unit_exponent = std::max<long>(exponent, format.emin) - format.stored_significand_bits;
    if (!format.has_subnormals) {
      Mp smallest = scaled(Mp(1.0), format.emin);
      if (format.emin == -format.bias) {
        smallest = smallest + scaled(Mp(1.0), format.emin - format.stored_significand_bits);
      }
      if (mpfr_cmpabs(x.get(), smallest.get()) < 0) {
        const bool negative = mpfr_sgn(x.get()) < 0;
        result.lower = negative ? -1.0 : 0.0;
        result.upper = negative ? 0.0 : 1.0;
        result.unit = smallest;
        mpfr_div(result.x.get(), x.get(), smallest.get(), MPFR_RNDZ);
        return result;
      }
    }
  }
  result.unit = scaled(unit, unit_exponent);
  result.x = scaled(x, -unit_exponent);
  mpfr_floor(result.lower.get(), result.x.get());
  mpfr_ceil(result.upper.get(), result.x.get());
  return result;
}

Mp select(const Format& format, const Neighbours& n, std::uint32_t random) {
  if (mpfr_equal_p(n.lower.get(), n.upper.get())) return n.lower;
  const bool negative = mpfr_sgn(n.x.get()) < 0;
  const Mp& away = negative ? n.lower : n.upper;
  const Mp& toward = negative ? n.upper : n.lower;
  const Mp twice = scaled(n.x, 1);
  const int side = mpfr_cmp(twice.get(), (n.lower + n.upper).get());
  switch (format.rounding) {
    case RoundingMode::kUp:
      return n.upper;
    case RoundingMode::kDown:
      return n.lower;
    case RoundingMode::kTowardZero:
      return toward;
    case RoundingMode::kOdd:
      return is_odd(n.lower) ? n.lower : n.upper;
    case RoundingMode::kStochastic: {
      // Where x is a quotient it is no multiple of 2^-k by far, so that the error of this
      // difference does not matter.
      Mp f;
      mpfr_sub(f.get(), n.x.get(), n.lower.get(), MPFR_RNDN);
      f = scaled(f, format.stochastic_bits);
      mpfr_floor(f.get(), f.get());
      const std::uint64_t draw = random % (std::uint64_t{1} << format.stochastic_bits);
      return mpfr_cmp_ui(f.get(), draw) > 0 ? n.upper : n.lower;
    }
    default:
      break;
  }
  if (side != 0) return side > 0 ? n.upper : n.lower;
  if (format.rounding == RoundingMode::kNearestAway) return away;
  if (format.rounding == RoundingMode::kNearestZero) return toward;
  return is_odd(n.lower) ? n.upper : n.lower;
}

Mp oracle_largest(const Format& format) {
  if (format.family == FormatFamily::kFloat) return oracle_decode(format, format.max_finite_code);
  const int bits = format.width_bits - (format.is_signed ? 1 : 0);
  return scaled(scaled(Mp(1.0), bits) - Mp(1.0), -format.fraction_bits);
}

Mp oracle_lowest(const Format& format) {
  Mp result = oracle_largest(format);
  mpfr_neg(result.get(), result.get(), MPFR_RNDN);
  if (format.family == FormatFamily::kFloat) return result;
  if (!format.is_signed) return Mp(0.0);
  if (format.overflow == OverflowMode::kSaturateSymmetric) {
    return mpfr_zero_p(result.get()) ? Mp(0.0) : result;
  }
  return result - scaled(Mp(1.0), -format.fraction_bits);
}

Mp wrapped(const Format& format, const Mp& value) {
  mpz_t code;
  mpz_init(code);
  const Mp units = scaled(value, format.fraction_bits);
  HALFULP_ASSERT(mpfr_get_z(code, units.get(), MPFR_RNDN) == 0);
  mpz_fdiv_r_2exp(code, code, format.width_bits);
  Mp result;
  mpfr_set_z(result.get(), code, MPFR_RNDN);
  if (format.is_signed && mpz_tstbit(code, format.width_bits - 1) != 0) {
    result = result - scaled(Mp(1.0), format.width_bits);
  }
  mpz_clear(code);
  return scaled(result, -format.fraction_bits);
}

// IEEE 754-2019, 7.4.
Mp overflow_by_mode(const Format& format, bool negative, const Mp& limit) {
  const RoundingMode mode = format.rounding;
  const bool nearest = mode == RoundingMode::kNearestEven || mode == RoundingMode::kNearestAway ||
                       mode == RoundingMode::kNearestZero || mode == RoundingMode::kStochastic;
  const bool outward =
      (mode == RoundingMode::kUp && !negative) || (mode == RoundingMode::kDown && negative);
  if (!nearest && !outward) return limit;
  if (!format.has_infinity) return nan_value();
  Mp result;
  mpfr_set_inf(result.get(), negative ? -1 : 1);
  return result;
}

Mp overflowed(const Format& format, const Mp& value, const Mp& limit) {
  switch (format.overflow) {
    case OverflowMode::kInfinity:
      return overflow_by_mode(format, mpfr_sgn(value.get()) < 0, limit);
    case OverflowMode::kWrap:
      return wrapped(format, value);
    case OverflowMode::kError:
      return nan_value();
    default:
      return limit;
  }
}

}  // namespace

const std::vector<std::string> kRoundingModes = {
    "nearest-even", "nearest-away", "nearest-zero", "toward-zero", "up", "down", "odd"};

Mp::Mp() {
  mpfr_init2(value_, kPrecision);
  mpfr_set_zero(value_, 1);
}
Mp::Mp(double x) {
  mpfr_init2(value_, kPrecision);
  mpfr_set_d(value_, x, MPFR_RNDN);
}
Mp::Mp(const Expansion& x) : Mp(x.part[0]) {
  for (int i = 1; i < kMaxPlanes; ++i) {
    if (x.part[i] != 0) *this = *this + Mp(x.part[i]);
  }
}
Mp::Mp(const Mp& other) {
  mpfr_init2(value_, kPrecision);
  mpfr_set(value_, other.value_, MPFR_RNDN);
}
Mp& Mp::operator=(const Mp& other) {
  mpfr_set(value_, other.value_, MPFR_RNDN);
  return *this;
}
Mp::~Mp() { mpfr_clear(value_); }

Mp operator+(const Mp& a, const Mp& b) {
  Mp result;
  HALFULP_ASSERT(mpfr_add(result.get(), a.get(), b.get(), MPFR_RNDN) == 0);
  return result;
}

Mp operator-(const Mp& a, const Mp& b) {
  Mp result;
  HALFULP_ASSERT(mpfr_sub(result.get(), a.get(), b.get(), MPFR_RNDN) == 0);
  return result;
}

Mp operator*(const Mp& a, const Mp& b) {
  Mp result;
  HALFULP_ASSERT(mpfr_mul(result.get(), a.get(), b.get(), MPFR_RNDN) == 0);
  return result;
}

Mp scaled(const Mp& a, long exponent) {
  Mp result;
  HALFULP_ASSERT(mpfr_mul_2si(result.get(), a.get(), exponent, MPFR_RNDN) == 0);
  return result;
}

bool same(const Mp& a, const Mp& b) {
  if (mpfr_nan_p(a.get()) || mpfr_nan_p(b.get())) return mpfr_nan_p(a.get()) && mpfr_nan_p(b.get());
  return mpfr_equal_p(a.get(), b.get()) && mpfr_signbit(a.get()) == mpfr_signbit(b.get());
}

std::ostream& operator<<(std::ostream& out, const Mp& x) {
  char text[200];
  mpfr_snprintf(text, sizeof text, "%.40Rg", x.get());
  return out << text;
}

Mp oracle_round(const Format& format, const Mp& argument, std::uint32_t random,
                unsigned long divisor) {
  if (is_tabled(format)) return table_round(format, quotient(argument, divisor), random);
  if (mpfr_zero_p(argument.get())) {
    return zero_value(format, mpfr_signbit(argument.get()) != 0);
  }
  const Mp x = quotient(argument, divisor);
  const bool negative = mpfr_sgn(x.get()) < 0;
  const Neighbours n = neighbours(format, x);
  const Mp rounded = select(format, n, random) * n.unit;
  if (mpfr_zero_p(rounded.get())) return zero_value(format, negative);
  const Mp limit = negative ? oracle_lowest(format) : oracle_largest(format);
  const int beyond = mpfr_cmp(rounded.get(), limit.get());
  if (negative ? beyond < 0 : beyond > 0) return overflowed(format, rounded, limit);
  if (format.flush_subnormals &&
      mpfr_cmpabs(rounded.get(), scaled(Mp(1.0), format.emin).get()) < 0) {
    return zero_value(format, negative);
  }
  return rounded;
}

Mp oracle_decode(const Format& format, std::uint64_t code) {
  if (is_tabled(format)) return table_decode(format, code);
  if (format.family == FormatFamily::kFixed) {
    Mp result;
    mpfr_set_ui(result.get(), code, MPFR_RNDN);
    if (format.is_signed && code >> (format.width_bits - 1) != 0) {
      result = result - scaled(Mp(1.0), format.width_bits);
    }
    return scaled(result, -format.fraction_bits);
  }
  if (std::count(format.nan_codes.begin(), format.nan_codes.end(), code) != 0) return nan_value();
  const std::uint64_t sign = code >> (format.width_bits - 1);
  const std::uint64_t magnitude = code - (sign << (format.width_bits - 1));
  Mp result;
  if (magnitude > format.max_finite_code) {
    if (!format.has_infinity || magnitude != format.max_finite_code + 1) return nan_value();
    mpfr_set_inf(result.get(), 1);
  } else {
    const std::uint64_t field = magnitude >> format.stored_significand_bits;
    const std::uint64_t fraction = magnitude - (field << format.stored_significand_bits);
    const bool subnormal = field == 0 && format.emin != -format.bias;
    const double hidden = subnormal ? 0.0 : std::ldexp(1.0, format.stored_significand_bits);
    const int exponent = (subnormal ? 1 : static_cast<int>(field)) - format.bias;
    if (magnitude != 0) {
      result = scaled(Mp(hidden) + Mp(static_cast<double>(fraction)),
                      exponent - format.stored_significand_bits);
    }
  }
  if (sign != 0) mpfr_neg(result.get(), result.get(), MPFR_RNDN);
  return result;
}

Format format_of(const std::string& spelling) {
  const auto format = parse_format(spelling);
  HALFULP_ASSERT(format.has_value());
  return *format;
}

std::vector<Format> all_named() {
  const auto formats = named_formats();
  HALFULP_ASSERT(formats.has_value());
  return *formats;
}

std::vector<double> finite_values(const Format& format) {
  HALFULP_ASSERT(format.width_bits <= 16);
  std::vector<double> values;
  for (std::uint64_t code = 0; code >> format.width_bits == 0; ++code) {
    const double value = oracle_decode(format, code).to_double();
    if (std::isfinite(value)) values.push_back(value == 0 ? 0.0 : value);
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace halfulp::test
