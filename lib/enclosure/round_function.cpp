#include <cmath>

#include "halfulp/enclosure/correct_rounding.hpp"
#include "mp_double.hpp"
#include "quick_functions.hpp"
#include "sigmoid.hpp"
#include "special_values.hpp"
#include "ziv.hpp"

namespace halfulp {
namespace {

using detail::Number;

detail::MpfrFunction mpfr_function(ElementaryFunction f) {
  switch (f) {
    case ElementaryFunction::kTanh:
      return mpfr_tanh;
    case ElementaryFunction::kSigmoid:
      return detail::mpfr_sigmoid;
    case ElementaryFunction::kExp:
      return mpfr_exp;
    case ElementaryFunction::kLog:
      return mpfr_log;
    case ElementaryFunction::kSin:
      return mpfr_sin;
    case ElementaryFunction::kCos:
      return mpfr_cos;
    case ElementaryFunction::kAtan:
      return mpfr_atan;
    case ElementaryFunction::kErf:
      return mpfr_erf;
    case ElementaryFunction::kSqrt:
      break;
  }
  return mpfr_sqrt;
}

// +-pi / 2
Expansion arctangent_of_infinity(const Format& format, bool negative, std::uint32_t random) {
  return detail::round_by_ziv(format, random, detail::kFirstPrecision, [&](Number& lo, Number& hi) {
    mpfr_const_pi(lo, negative ? MPFR_RNDU : MPFR_RNDD);
    mpfr_const_pi(hi, negative ? MPFR_RNDD : MPFR_RNDU);
    for (Number* end : {&lo, &hi}) {
      mpfr_div_2ui(*end, *end, 1, MPFR_RNDN);
      if (negative) mpfr_neg(*end, *end, MPFR_RNDN);
    }
  });
}

// Arguments where the value is not a finite real function value, or a signed zero.
std::optional<Expansion> special(const Format& format, ElementaryFunction f, double x,
                                 std::uint32_t random) {
  const bool negative = std::signbit(x);
  if (std::isnan(x)) return detail::not_a_number();
  switch (f) {
    case ElementaryFunction::kTanh:
      if (std::isinf(x)) return detail::round_double(format, negative ? -1 : 1, random);
      break;
    case ElementaryFunction::kSigmoid:
      if (std::isinf(x)) return detail::round_double(format, negative ? 0 : 1, random);
      return std::nullopt;
    case ElementaryFunction::kExp:
      if (!std::isinf(x)) return std::nullopt;
      return negative ? detail::zero_of(format, false) : detail::infinity_of(format, false);
    case ElementaryFunction::kLog:
      if (x == 0) return detail::infinity_of(format, true);
      if (x < 0) return detail::not_a_number();
      if (std::isinf(x)) return detail::infinity_of(format, false);
      return std::nullopt;
    case ElementaryFunction::kSqrt:
      if (x < 0) return detail::not_a_number();
      if (std::isinf(x)) return detail::infinity_of(format, false);
      break;
    case ElementaryFunction::kSin:
      if (std::isinf(x)) return detail::not_a_number();
      break;
    case ElementaryFunction::kCos:
      if (std::isinf(x)) return detail::not_a_number();
      return x == 0 ? std::optional(detail::round_double(format, 1, random)) : std::nullopt;
    case ElementaryFunction::kAtan:
      if (std::isinf(x)) return arctangent_of_infinity(format, negative, random);
      break;
    case ElementaryFunction::kErf:
      if (std::isinf(x)) return detail::round_double(format, negative ? -1 : 1, random);
      break;
  }
  if (x == 0) return detail::zero_of(format, negative);
  return std::nullopt;
}

// The rounding by plain double arithmetic, where its error bound decides it.
std::optional<Expansion> quick(const Format& format, ElementaryFunction f, double x,
                               std::uint32_t random) {
  const bool wide = format.family == FormatFamily::kFloat && format.stored_significand_bits > 36;
  if (wide || format.overflow == OverflowMode::kWrap || !fits_double(format)) return std::nullopt;
  const auto value = detail::quick_value(f, x);
  if (!value) return std::nullopt;
  // Twice the error covers the rounding of the two ends and the reference to the computed value.
  const double margin = 2 * detail::kQuickError * *value;
  const double a = round_to(format, *value - margin, random);
  const double b = round_to(format, *value + margin, random);
  if (a != b) return std::nullopt;
  return Expansion{{a}};
}

}  // namespace

Expansion round_function(const Format& format, ElementaryFunction f, const Expansion& x,
                         std::uint32_t random) {
  if (const auto value = special(format, f, x.part[0], random)) return *value;
  if (x.part[1] == 0) {
    if (const auto value = quick(format, f, x.part[0], random)) return *value;
  }
  const detail::ExactNumber argument(x);
  const detail::MpfrFunction function = mpfr_function(f);
  // A square root that is inexact at the argument's own precision is irrational, so never a
  // rounding boundary.
  const mpfr_prec_t precision = std::max(detail::kFirstPrecision, mpfr_get_prec(argument));
  return detail::round_by_ziv(format, random, precision, [&](Number& lo, Number& hi) {
    function(lo, argument, MPFR_RNDD);
    function(hi, argument, MPFR_RNDU);
  });
}

double nearest_double(ElementaryFunction f, double x) {
  static const Format kDouble = [] {
    Format format = make_float(11, 52);
    format.overflow = OverflowMode::kInfinity;
    return format;
  }();
  return round_function(kDouble, f, Expansion{{x}}).part[0];
}

}  // namespace halfulp
