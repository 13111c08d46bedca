// Rounding of exact numbers to fixed and float formats.
#include <algorithm>
#include <limits>

#include "expansion.hpp"
#include "gap.hpp"
#include "grid.hpp"
#include "overflow.hpp"

namespace halfulp {
namespace {

using Wide = unsigned __int128;

// A number rounded to the grid of the format, its exponent unbounded above.
struct Rounded {
  bool negative = false;
  bool beyond_128_bits = false;  // `magnitude` is then the number of last places modulo 2^128
  Wide magnitude = 0;
  int lsb = 0;
};

bool goes_away(const Format& format, const ExactNumber& source,
               const LongAccumulator::Truncated& cut, int lsb, std::uint32_t random) {
  if (!cut.half && !cut.sticky) return false;
  if (format.rounding != RoundingMode::kStochastic) {
    return rounds_away(format.rounding, source.negative(), (cut.magnitude & 1) != 0, cut.half,
                       cut.sticky);
  }
  const int bits = format.stochastic_bits;
  const auto finer = source.truncate(lsb - bits);
  const std::uint64_t discarded =
      static_cast<std::uint64_t>(finer.magnitude) & ((std::uint64_t{1} << bits) - 1);
  return stochastic_rounds_away(source.negative(), discarded, finer.half || finer.sticky, bits,
                                random);
}

Rounded round_unbounded(const Format& format, const ExactNumber& source, std::uint32_t random) {
  const int exponent = source.exponent();
  int lsb = finest_exponent(format);
  if (format.family == FormatFamily::kFloat) {
    lsb = std::max(lsb, exponent - format.stored_significand_bits);
  }
  const auto cut = source.truncate(lsb);
  Rounded result{.negative = source.negative(),
                 .beyond_128_bits = exponent - lsb >= 128,
                 .magnitude = cut.magnitude,
                 .lsb = lsb};
  if (goes_away(format, source, cut, lsb, random)) {
    ++result.magnitude;
    if (result.magnitude == 0) result.beyond_128_bits = true;
  }
  return result;
}

Wide low_mask(int bits) { return bits >= 128 ? ~Wide{0} : (Wide{1} << bits) - 1; }

// The largest magnitude of the sign of a fixed-point format, in last places.
Wide fixed_limit(const Format& format, bool negative) {
  if (!format.is_signed) return negative ? 0 : low_mask(format.width_bits);
  const Wide largest_positive = low_mask(format.width_bits - 1);
  const bool symmetric = format.overflow == OverflowMode::kSaturateSymmetric;
  return negative && !symmetric ? largest_positive + 1 : largest_positive;
}

bool exceeds_limit(const Format& format, const Rounded& rounded) {
  if (rounded.beyond_128_bits) return true;
  if (format.family == FormatFamily::kFixed) {
    return rounded.magnitude > fixed_limit(format, rounded.negative);
  }
  const int last_lsb = format.emax - format.stored_significand_bits;
  const Wide hidden = Wide{1} << format.stored_significand_bits;
  const Wide largest_significand = hidden | (format.max_finite_code & (hidden - 1));
  if (rounded.lsb != last_lsb) return rounded.lsb > last_lsb;
  return rounded.magnitude > largest_significand;
}

Expansion wrapped(const Format& format, const Rounded& rounded) {
  const Wide mask = low_mask(format.width_bits);
  const Wide code = (rounded.negative ? Wide{0} - rounded.magnitude : rounded.magnitude) & mask;
  const bool negative = format.is_signed && (code >> (format.width_bits - 1)) != 0;
  return make_expansion(negative, negative ? (Wide{0} - code) & mask : code, rounded.lsb);
}

Expansion overflowed(const Format& format, const Rounded& rounded) {
  if (format.family == FormatFamily::kFloat) {
    return {{overflow_value(format, rounded.negative, false)}};
  }
  switch (format.overflow) {
    case OverflowMode::kWrap:
      return wrapped(format, rounded);
    case OverflowMode::kSaturate:
    case OverflowMode::kSaturateSymmetric: {
      const Wide limit = fixed_limit(format, rounded.negative);
      return make_expansion(rounded.negative && limit != 0, limit, rounded.lsb);
    }
    case OverflowMode::kInfinity:
    case OverflowMode::kError:
      break;
  }
  return {{std::numeric_limits<double>::quiet_NaN()}};
}

Expansion signed_zero(const Format& format, bool negative) {
  const bool keeps = format.family == FormatFamily::kFloat && format.has_negative_zero;
  return make_expansion(negative && keeps, 0, 0);
}

}  // namespace

Expansion round_number_on_grid(const Format& format, const ExactNumber& source,
                               std::uint32_t random) {
  const Gap gap = gap_of(format);
  if (lies_in_gap(gap, source)) {
    if (!leaves_zero(format, gap, source, random)) return signed_zero(format, source.negative());
    return make_expansion(source.negative(), gap.significand, gap.exponent);
  }
  const Rounded rounded = round_unbounded(format, source, random);
  if (exceeds_limit(format, rounded)) return overflowed(format, rounded);
  const bool subnormal = rounded.magnitude < Wide{1} << format.stored_significand_bits;
  const bool flushed = format.flush_subnormals && subnormal;
  if (rounded.magnitude == 0 || flushed) return signed_zero(format, rounded.negative);
  return make_expansion(rounded.negative, rounded.magnitude, rounded.lsb);
}

bool overflows_grid(const Format& format, const ExactNumber& source) {
  if (lies_in_gap(gap_of(format), source)) return false;
  if (format.rounding != RoundingMode::kStochastic) {
    return exceeds_limit(format, round_unbounded(format, source, 0));
  }
  // Some draw goes away from zero: the smallest one for positive x, the largest for negative.
  const std::uint32_t draw = source.negative() ? ~std::uint32_t{0} : 0;
  return exceeds_limit(format, round_unbounded(format, source, draw));
}

}  // namespace halfulp
