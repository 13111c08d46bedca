#include "ordered.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "binary64.hpp"
#include "decision.hpp"
#include "halfulp/support/assert.hpp"
#include "overflow.hpp"

namespace halfulp {
namespace {

using Wide = unsigned __int128;

const OrderedRules& rules_of(const Format& format) { return *family_of(format).ordered; }

double value_at(const Format& format, std::uint64_t place) {
  return place == 0 ? 0.0 : rules_of(format).value(format, place);
}

Leading leading_of_number(const ExactNumber& x) {
  const int exponent = x.exponent();
  const auto cut = x.truncate(exponent - 127);
  return {.significand = cut.magnitude, .exponent = exponent, .sticky = cut.half || cut.sticky};
}

// A double that stochastic rounding can cut as it cuts an ExactNumber.
class DoubleNumber {
 public:
  explicit DoubleNumber(double x) : parts_(take_apart(x)) {}
  bool negative() const { return parts_.negative; }
  LongAccumulator::Truncated truncate(int lsb) const {
    const int drop = lsb - parts_.exponent;
    if (drop <= 0) return {Wide{parts_.significand} << std::min(-drop, 127), false, false};
    if (drop > 54) return {0, false, parts_.significand != 0};
    const std::uint64_t half = std::uint64_t{1} << (drop - 1);
    return {parts_.significand >> drop, (parts_.significand & half) != 0,
            (parts_.significand & (half - 1)) != 0};
  }

 private:
  Binary64 parts_;
};

// An integer times 2^lsb.
struct Scaled {
  std::uint64_t units;
  int lsb;
};

Scaled scaled_of(double x) {
  const Binary64 parts = take_apart(x);
  const int zeros = parts.significand == 0 ? 0 : std::countr_zero(parts.significand);
  return {parts.significand >> zeros, parts.exponent + zeros};
}

// Whether |x| between `lower` and `upper` goes to `upper`: the fraction is the exact quotient of
// two multiples of the finer of the last places of both.
template <typename Number>
bool stochastic_away(const Format& format, double lower, double upper, const Number& x,
                     std::uint32_t random) {
  const Scaled low = scaled_of(lower);
  const Scaled high = scaled_of(upper);
  const int lsb = lower == 0 ? high.lsb : std::min(low.lsb, high.lsb);
  const auto units = [lsb](const Scaled& value) {
    return value.units == 0 ? Wide{0} : Wide{value.units} << (value.lsb - lsb);
  };
  const Wide gap = units(high) - units(low);
  const int bits = format.stochastic_bits;
  const auto cut = x.truncate(lsb - bits);
  const Wide distance = cut.magnitude - (units(low) << bits);
  const bool rest = distance % gap != 0 || cut.half || cut.sticky;
  return stochastic_rounds_away(x.negative(), static_cast<std::uint64_t>(distance / gap), rest,
                                bits, random);
}

bool place_is_odd(const Format& format, std::uint64_t place) {
  return (rules_of(format).code_of_place(format, {false, place}) & 1) != 0;
}

// The place |x| is rounded to; last + 1 stands for everything beyond the last value.
template <typename Number>
std::uint64_t rounded_place(const Format& format, const Leading& leading, const Number& x,
                            std::uint32_t random) {
  const OrderedRules& rules = rules_of(format);
  const std::uint64_t last = rules.last(format);
  const Position at = rules.locate(format, leading);
  const bool inexact = at.half || at.sticky;
  if (!inexact && at.place <= last) return at.place;
  if (at.place > last || (at.place == last && !rules.goes_on)) return last + 1;
  if (at.place == 0 && !format.has_zero) return 1;
  if (at.place == 0 && rules.never_zero && is_nearest(format.rounding)) return 1;
  bool away = false;
  if (format.rounding == RoundingMode::kStochastic) {
    away = stochastic_away(format, value_at(format, at.place), value_at(format, at.place + 1), x,
                           random);
  } else {
    away = rounds_away(format.rounding, x.negative(), place_is_odd(format, at.place), at.half,
                       at.sticky);
  }
  return at.place + (away ? 1 : 0);
}

// A format without negative numbers keeps to its smallest value below it: zero, or 2^emin.
double below_the_lowest(const Format& format) {
  const bool saturates = format.overflow == OverflowMode::kSaturate ||
                         format.overflow == OverflowMode::kSaturateSymmetric;
  return saturates ? lowest(format) : std::numeric_limits<double>::quiet_NaN();
}

template <typename Number>
double round_magnitude(const Format& format, const Leading& leading, const Number& x,
                       std::uint32_t random) {
  if (x.negative() && !format.is_signed) return below_the_lowest(format);
  const OrderedRules& rules = rules_of(format);
  const std::uint64_t place = rounded_place(format, leading, x, random);
  if (place > rules.last(format)) return overflow_value(format, x.negative(), false);
  if (place == 0) return 0;
  const double value = rules.value(format, place);
  return x.negative() ? -value : value;
}

double round_double(const Format& format, double x, std::uint32_t random) {
  if (std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
  if (x < 0 && !format.is_signed) return below_the_lowest(format);
  if (std::isinf(x)) return overflow_value(format, x < 0, true);
  if (x == 0) return format.has_zero ? 0.0 : below_the_lowest(format);
  return round_magnitude(format, leading_of(std::fabs(x)), DoubleNumber(x), random);
}

Expansion round_number(const Format& format, const ExactNumber& x, std::uint32_t random) {
  return {{round_magnitude(format, leading_of_number(x), x, random)}};
}

bool overflows_ordered(const Format& format, const ExactNumber& x) {
  if (x.negative() && !format.is_signed) return true;
  // Some stochastic draw goes away from zero: the smallest for positive x, the largest for
  // negative.
  const std::uint32_t draw = x.negative() ? ~std::uint32_t{0} : 0;
  return rounded_place(format, leading_of_number(x), x, draw) > rules_of(format).last(format);
}

double decode_ordered(const Format& format, std::uint64_t code) {
  const auto& nans = format.nan_codes;
  if (std::find(nans.begin(), nans.end(), code) != nans.end()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const OrderedRules& rules = rules_of(format);
  const SignedPlace at = rules.place_of_code(format, code);
  double value = value_at(format, at.place);
  if (at.place > rules.last(format)) value = std::numeric_limits<double>::infinity();
  return at.negative ? -value : value;
}

std::optional<std::uint64_t> encode_ordered(const Format& format, double x) {
  const OrderedRules& rules = rules_of(format);
  if (std::isnan(x)) return format.nan_codes.front();
  if (x < 0 && !format.is_signed) return std::nullopt;
  if (std::isinf(x)) {
    if (!format.has_infinity) return std::nullopt;
    return rules.code_of_place(format, {x < 0, rules.last(format) + 1});
  }
  if (x == 0) {
    if (!format.has_zero) return std::nullopt;
    return rules.code_of_place(format, {false, 0});
  }
  const Position at = rules.locate(format, leading_of(std::fabs(x)));
  const bool is_value = !at.half && !at.sticky && at.place > 0 && at.place <= rules.last(format);
  if (!is_value) return std::nullopt;
  return rules.code_of_place(format, {x < 0, at.place});
}

double largest_ordered(const Format& format) {
  const OrderedRules& rules = rules_of(format);
  return rules.value(format, rules.last(format));
}

double lowest_ordered(const Format& format) {
  if (format.is_signed) return -largest_ordered(format);
  return format.has_zero ? 0.0 : rules_of(format).value(format, 1);
}

double smallest_ordered(const Format& format) { return rules_of(format).value(format, 1); }

double outward(const OrderedRules& rules, double difference) {
  return rules.is_dyadic ? difference : std::nextafter(difference, HUGE_VAL);
}

double unit_roundoff_ordered(const Format& format) {
  const OrderedRules& rules = rules_of(format);
  const Position one = rules.locate(format, leading_of(1.0));
  const double next = rules.value(format, one.place + 1);
  const double reach = is_nearest(format.rounding) ? rules.boundary(format, one.place) : next;
  return outward(rules, reach) - 1.0;
}

// Largest error of a rounding between two neighbours.
double error_between(const Format& format, std::uint64_t place) {
  const OrderedRules& rules = rules_of(format);
  const double lower = value_at(format, place);
  const double upper = rules.value(format, place + 1);
  if (!is_nearest(format.rounding)) return outward(rules, upper - lower);
  if (place == 0 && (rules.never_zero || !format.has_zero)) return upper;
  const double boundary = rules.boundary(format, place);
  return outward(rules, std::max(boundary - lower, upper - boundary));
}

// The gaps never shrink from v(1) on, so that the last one below `magnitude` counts, beside the one
// around zero.
double max_error_ordered(const Format& format, double magnitude) {
  const OrderedRules& rules = rules_of(format);
  const std::uint64_t last = rules.last(format) - (rules.goes_on ? 0 : 1);
  std::uint64_t place = last;
  if (magnitude < largest_ordered(format)) {
    const Position at =
        magnitude == 0 ? Position{0, false, false} : rules.locate(format, leading_of(magnitude));
    place = std::min(at.place, last);
    if (!at.half && !at.sticky && place > 0) --place;
  }
  return std::max(error_between(format, 0), place == 0 ? 0.0 : error_between(format, place));
}

bool always(const Format&) { return true; }

}  // namespace

Leading leading_of(double magnitude) {
  const Binary64 parts = take_apart(magnitude);
  const int zeros = std::countl_zero(parts.significand);
  return {.significand = Wide{parts.significand << zeros} << 64,
          .exponent = parts.exponent + 63 - zeros,
          .sticky = false};
}

int compare(const Leading& a, const Leading& b) {
  if (a.exponent != b.exponent) return a.exponent < b.exponent ? -1 : 1;
  if (a.significand != b.significand) return a.significand < b.significand ? -1 : 1;
  return (a.sticky ? 1 : 0) - (b.sticky ? 1 : 0);
}

SignedPlace place_of_complement(const Format& format, std::uint64_t code) {
  const std::uint64_t sign = std::uint64_t{1} << (format.width_bits - 1);
  const bool negative = (code & sign) != 0;
  return {negative, negative ? (sign << 1) - code : code};
}

std::uint64_t complement_of_place(const Format& format, SignedPlace at) {
  return at.negative ? (std::uint64_t{1} << format.width_bits) - at.place : at.place;
}

constexpr ElementRules kOrderedElements = {.round = round_double,
                                           .round_all = round_each,
                                           .round_number = round_number,
                                           .overflows = overflows_ordered,
                                           .decode = decode_ordered,
                                           .encode = encode_ordered,
                                           .largest = largest_ordered,
                                           .lowest = lowest_ordered,
                                           .smallest_positive = smallest_ordered,
                                           .smallest_normal = smallest_ordered,
                                           .unit_roundoff = unit_roundoff_ordered,
                                           .max_rounding_error = max_error_ordered,
                                           .fits_double = always};

}  // namespace halfulp
