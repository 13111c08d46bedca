// Function values, quotients and softmax rounded to formats, against an independent rounding of
// high-precision MPFR values.
#include "halfulp/enclosure/correct_rounding.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "enclosure/random_values.hpp"
#include "enclosure/rounding_oracle.hpp"

namespace halfulp {
namespace {

using test::MpfrNumber;
using test::RealNumber;

constexpr mpfr_prec_t kExactArgument = 2300;
constexpr ElementaryFunction kFunctions[] = {ElementaryFunction::kTanh,
                                             ElementaryFunction::kSigmoid, ElementaryFunction::kExp,
                                             ElementaryFunction::kLog, ElementaryFunction::kSqrt,
                                             ElementaryFunction::kSin, ElementaryFunction::kCos,
                                             ElementaryFunction::kAtan, ElementaryFunction::kErf};
constexpr const char* kModes[] = {
    "nearest-even", "nearest-away", "nearest-zero",  "toward-zero",   "up",
    "down",         "odd",          "stochastic<5>", "stochastic<32>"};

// f(x) cut toward zero, and whether anything was cut.
void oracle_value(RealNumber& y, ElementaryFunction f, mpfr_srcptr x) {
  switch (f) {
    case ElementaryFunction::kTanh:
      y.inexact = mpfr_tanh(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kExp:
      y.inexact = mpfr_exp(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kLog:
      y.inexact = mpfr_log(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kSqrt:
      y.inexact = mpfr_sqrt(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kSin:
      y.inexact = mpfr_sin(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kCos:
      y.inexact = mpfr_cos(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kAtan:
      y.inexact = mpfr_atan(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kErf:
      y.inexact = mpfr_erf(y.value, x, MPFR_RNDZ) != 0;
      return;
    case ElementaryFunction::kSigmoid:
      break;
  }
  MpfrNumber denominator(mpfr_get_prec(y.value));
  mpfr_neg(denominator, x, MPFR_RNDU);
  mpfr_exp(denominator, denominator, MPFR_RNDU);
  mpfr_add_ui(denominator, denominator, 1, MPFR_RNDU);
  mpfr_ui_div(y.value, 1, denominator, MPFR_RNDD);
  y.inexact = !mpfr_zero_p(x);
}

void expect_rounded(const Format& format, const RealNumber& exact, const Expansion& actual,
                    std::uint32_t random, const std::string& what) {
  MpfrNumber expected(256);
  MpfrNumber value(kExactArgument);
  test::oracle_round(expected, format, exact, random);
  test::set_expansion(value, actual);
  ASSERT_TRUE(mpfr_equal_p(expected, value))
      << format.name << " " << what << ": expected " << mpfr_get_d(expected, MPFR_RNDN) << ", got "
      << actual.part[0] << " + " << actual.part[1];
}

void check_function(const Format& format, ElementaryFunction f, const Expansion& x,
                    std::uint32_t random, mpfr_prec_t precision = 400) {
  if (f == ElementaryFunction::kLog && x.part[0] <= 0) return;
  if (f == ElementaryFunction::kSqrt && x.part[0] < 0) return;
  MpfrNumber argument(kExactArgument);
  test::set_expansion(argument, x);
  RealNumber exact(precision);
  oracle_value(exact, f, argument);
  expect_rounded(
      format, exact, round_function(format, f, x, random), random,
      "function " + std::to_string(static_cast<int>(f)) + " of " + std::to_string(x.part[0]));
}

std::vector<Format> all_modes(const std::string& name) {
  std::vector<Format> formats;
  for (const char* mode : kModes) formats.push_back(parse_format(name + ":" + mode).value());
  return formats;
}

std::vector<double> all_finite(const Format& format) {
  std::vector<double> values;
  for (std::uint64_t code = 0; code < std::uint64_t{1} << format.width_bits; ++code) {
    const double x = decode(format, code);
    if (std::isfinite(x)) values.push_back(x);
  }
  return values;
}

class SmallFormat : public testing::TestWithParam<const char*> {};

TEST_P(SmallFormat, EveryCodeInEveryMode) {
  test::RandomValues random(41);
  for (const Format& format : all_modes(GetParam())) {
    for (const double x : all_finite(format)) {
      for (const ElementaryFunction f : kFunctions) {
        check_function(format, f, {{x}}, static_cast<std::uint32_t>(random.bits()));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(SmallFormat, QuotientsInEveryMode) {
  test::RandomValues random(42);
  for (const Format& format : all_modes(GetParam())) {
    const std::vector<double> values = all_finite(format);
    for (int i = 0; i < 2000; ++i) {
      const double x = values[random.below(values.size())];
      const double y = values[random.below(values.size())];
      if (y == 0) continue;
      const auto draw = static_cast<std::uint32_t>(random.bits());
      RealNumber exact(400);
      exact.inexact = mpfr_div(exact.value, MpfrNumber(53, x), MpfrNumber(53, y), MPFR_RNDZ) != 0;
      expect_rounded(format, exact, round_division(format, {{x}}, {{y}}, draw), draw,
                     std::to_string(x) + " / " + std::to_string(y));
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, SmallFormat,
                         testing::Values("e5m2", "e4m3", "fixed<8,3>", "ufixed<8,1>"));

class LargeFormat : public testing::TestWithParam<const char*> {};

LongAccumulator accumulated(double x) {
  LongAccumulator sum;
  sum.clear();
  sum.add(x);
  return sum;
}

Expansion random_argument(const Format& format, test::RandomValues& random) {
  const double x = random.below(4) == 0 ? random.special() : random.moderate();
  LongAccumulator sum = accumulated(x);
  sum.add(random.moderate() * 0x1p-40);
  sum.add(random.moderate() * 0x1p-80);
  return round_exact(format, random.below(3) == 0 ? accumulated(x) : sum);
}

TEST_P(LargeFormat, RandomArgumentsInEveryMode) {
  test::RandomValues random(43);
  for (const Format& format : all_modes(GetParam())) {
    for (int i = 0; i < 400; ++i) {
      const Expansion x = random_argument(format, random);
      for (const ElementaryFunction f : kFunctions) {
        check_function(format, f, x, static_cast<std::uint32_t>(random.bits()));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(LargeFormat, RandomQuotientsInEveryMode) {
  test::RandomValues random(44);
  for (const Format& format : all_modes(GetParam())) {
    for (int i = 0; i < 400; ++i) {
      const Expansion x = random_argument(format, random);
      const Expansion y = random.below(3) == 0
                              ? Expansion{{static_cast<double>(1 + random.below(9))}}
                              : random_argument(format, random);
      if (y.part[0] == 0) continue;
      MpfrNumber dividend(kExactArgument);
      MpfrNumber divisor(kExactArgument);
      test::set_expansion(dividend, x);
      test::set_expansion(divisor, y);
      const auto draw = static_cast<std::uint32_t>(random.bits());
      RealNumber exact(400);
      exact.inexact = mpfr_div(exact.value, dividend, divisor, MPFR_RNDZ) != 0;
      expect_rounded(format, exact, round_division(format, x, y, draw), draw,
                     std::to_string(x.part[0]) + " / " + std::to_string(y.part[0]));
      if (HasFatalFailure()) return;
    }
  }
}

// Squares and quarter-integers: exact roots, and roots one last place away from them.
TEST_P(LargeFormat, RootsNearExactOnes) {
  for (const Format& format : all_modes(GetParam())) {
    for (int i = 1; i < 120; ++i) {
      const double root = i * 0.25;
      for (const double x : {root * root, root * root + smallest_positive(format)}) {
        const Expansion argument = round_exact(format, accumulated(x));
        check_function(format, ElementaryFunction::kSqrt, argument, 7);
        if (HasFatalFailure()) return;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, LargeFormat,
                         testing::Values("fp16", "bf16", "fixed<16,6>", "fp32", "fp64",
                                         "fixed<96,40>", "fixed<128,1>"));

TEST(CorrectRounding, SaturatedValuesRespectDirectedModes) {
  const Format down = parse_format("fp32:down").value();
  const Format up = parse_format("fp32:up").value();
  const Expansion huge{{0x1p100}};
  const Expansion minus_huge{{-0x1p100}};
  EXPECT_EQ(round_function(down, ElementaryFunction::kTanh, huge).part[0], 1 - 0x1p-24);
  EXPECT_EQ(round_function(up, ElementaryFunction::kTanh, huge).part[0], 1);
  EXPECT_EQ(round_function(down, ElementaryFunction::kTanh, minus_huge).part[0], -1);
  EXPECT_EQ(round_function(up, ElementaryFunction::kTanh, minus_huge).part[0], -1 + 0x1p-24);
  EXPECT_EQ(round_function(down, ElementaryFunction::kSigmoid, huge).part[0], 1 - 0x1p-24);
  EXPECT_EQ(round_function(up, ElementaryFunction::kSigmoid, minus_huge).part[0], 0x1p-149);
  EXPECT_EQ(round_function(down, ElementaryFunction::kSigmoid, minus_huge).part[0], 0);
  EXPECT_EQ(round_function(up, ElementaryFunction::kExp, minus_huge).part[0], 0x1p-149);
  EXPECT_EQ(round_function(down, ElementaryFunction::kExp, minus_huge).part[0], 0);
  EXPECT_EQ(round_function(up, ElementaryFunction::kExp, huge).part[0], largest(up));
  EXPECT_EQ(round_function(up, ElementaryFunction::kExp, {{0x1p-1000}}).part[0], 1 + 0x1p-23);
  EXPECT_EQ(round_function(down, ElementaryFunction::kExp, {{-0x1p-1000}}).part[0], 1 - 0x1p-24);
}

TEST(CorrectRounding, ArgumentsAtTheEdgeOfTheDomain) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Format format = parse_format("fp16:infinity").value();
  EXPECT_EQ(round_function(format, ElementaryFunction::kLog, {{0.0}}).part[0], -kInfinity);
  EXPECT_TRUE(std::isnan(round_function(format, ElementaryFunction::kLog, {{-1.0}}).part[0]));
  EXPECT_TRUE(std::isnan(round_function(format, ElementaryFunction::kSqrt, {{-1.0}}).part[0]));
  EXPECT_EQ(round_function(format, ElementaryFunction::kExp, {{100.0}}).part[0], kInfinity);
  EXPECT_EQ(round_function(format, ElementaryFunction::kExp, {{-kInfinity}}).part[0], 0);
  EXPECT_EQ(round_function(format, ElementaryFunction::kTanh, {{-kInfinity}}).part[0], -1);
  EXPECT_EQ(round_function(format, ElementaryFunction::kSigmoid, {{kInfinity}}).part[0], 1);
  EXPECT_TRUE(std::signbit(round_function(format, ElementaryFunction::kTanh, {{-0.0}}).part[0]));
  EXPECT_EQ(round_division(format, {{1.0}}, {{-0.0}}).part[0], -kInfinity);
  EXPECT_TRUE(std::isnan(round_division(format, {{0.0}}, {{0.0}}).part[0]));
  EXPECT_EQ(round_division(format, {{1.0}}, {{kInfinity}}).part[0], 0);
}

TEST(CorrectRounding, WrappedExponentials) {
  test::RandomValues random(45);
  for (const char* name : {"fixed<16,6>:wrap", "fixed<16,6>:wrap:down",
                           "ufixed<12,4>:wrap:stochastic<8>", "fixed<96,40>:wrap"}) {
    const Format format = parse_format(name).value();
    for (int i = 0; i < 200; ++i) {
      const double x = random.moderate() * 16;
      check_function(format, ElementaryFunction::kExp, {{x}},
                     static_cast<std::uint32_t>(random.bits()), 7000);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(CorrectRounding, NearestDoubleIsMpfrs) {
  test::RandomValues random(46);
  for (int i = 0; i < 20000; ++i) {
    const double x = random.special();
    for (const ElementaryFunction f : kFunctions) {
      if (x <= 0 && (f == ElementaryFunction::kLog || f == ElementaryFunction::kSqrt)) continue;
      RealNumber y(300);
      oracle_value(y, f, MpfrNumber(53, x));
      ASSERT_EQ(nearest_double(f, x), mpfr_get_d(y.value, MPFR_RNDN)) << std::hexfloat << x;
    }
  }
}

// softmax_i cut toward zero: its true value is above, unless all arguments are equal.
void oracle_softmax(RealNumber& y, const std::vector<Expansion>& x, std::size_t i) {
  MpfrNumber sum(600, 0.0);
  MpfrNumber term(600);
  bool all_equal = true;
  for (const Expansion& e : x) {
    mpfr_set_d(term, e.part[0], MPFR_RNDU);
    mpfr_sub_d(term, term, x[i].part[0], MPFR_RNDU);
    all_equal = all_equal && mpfr_zero_p(static_cast<mpfr_srcptr>(term));
    mpfr_exp(term, term, MPFR_RNDU);
    mpfr_add(sum, sum, term, MPFR_RNDU);
  }
  y.inexact = mpfr_ui_div(y.value, 1, sum, MPFR_RNDD) != 0 || !all_equal;
}

TEST(CorrectRounding, Softmax) {
  test::RandomValues random(47);
  for (const char* name : {"fp16", "e4m3:up", "fixed<16,2>:down", "fp32:odd",
                           "fixed<96,40>:toward-zero", "bf16:nearest-zero"}) {
    const Format format = parse_format(name).value();
    for (int i = 0; i < 300; ++i) {
      std::vector<Expansion> x(1 + random.below(7));
      const double scale = std::ldexp(1.0, static_cast<int>(random.below(12)) - 4);
      for (Expansion& e : x) e.part[0] = std::round(random.moderate() * scale * 16) / 16;
      if (random.below(6) == 0) std::fill(x.begin(), x.end(), x[0]);
      std::vector<Expansion> out(x.size());
      round_softmax(format, x, out);
      for (std::size_t k = 0; k < x.size(); ++k) {
        RealNumber exact(600);
        oracle_softmax(exact, x, k);
        expect_rounded(format, exact, out[k], 0, "softmax");
        if (HasFatalFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace halfulp
