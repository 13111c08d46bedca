// The directed scalar operations are the correctly rounded ones: compared with MPFR at a precision
// where sums and products are exact.
#include <gtest/gtest.h>

#include "enclosure/mpfr_number.hpp"
#include "enclosure/random_values.hpp"

namespace halfulp {
namespace {

using test::MpfrNumber;
using MpfrOperation = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

constexpr mpfr_prec_t kExactSum = 2300;
constexpr int kCases = 300000;

double oracle(MpfrOperation f, double a, double b, mpfr_rnd_t rounding, mpfr_prec_t precision) {
  const MpfrNumber x(53, a);
  const MpfrNumber y(53, b);
  MpfrNumber z(precision);
  f(z, x, y, rounding);
  return mpfr_get_d(z, rounding);
}

void check(MpfrOperation f, double (*down)(double, double), double (*up)(double, double),
           mpfr_prec_t precision, double a, double b) {
  ASSERT_EQ(down(a, b), oracle(f, a, b, MPFR_RNDD, precision)) << std::hexfloat << a << " " << b;
  ASSERT_EQ(up(a, b), oracle(f, a, b, MPFR_RNDU, precision)) << std::hexfloat << a << " " << b;
}

// A second operand whose result with a is small, near the overflow threshold, or unrelated.
double partner(test::RandomValues& random, double a) {
  if (a == 0 || random.below(3) != 0) return random.special();
  const int target = random.below(2) ? -1074 : 1023;
  return std::ldexp(
      1 + random.unit(),
      std::clamp(target - std::ilogb(a) + static_cast<int>(random.below(60)) - 30, -1060, 1020));
}

TEST(Directed, SumIsCorrectlyRounded) {
  test::RandomValues random(1);
  for (int i = 0; i < kCases; ++i) {
    const double a = random.special();
    const double b = random.below(3) == 0 ? -a * (1 + 0x1p-30 * random.unit()) : random.special();
    if (!std::isfinite(b)) continue;
    check(mpfr_add, add_down, add_up, kExactSum, a, b);
  }
}

TEST(Directed, ProductIsCorrectlyRounded) {
  test::RandomValues random(2);
  for (int i = 0; i < kCases; ++i) {
    const double a = random.special();
    check(mpfr_mul, mul_down, mul_up, 106, a, partner(random, a));
  }
}

TEST(Directed, QuotientIsCorrectlyRounded) {
  test::RandomValues random(3);
  for (int i = 0; i < kCases; ++i) {
    const double a = random.special();
    const double b = partner(random, a);
    if (b != 0) check(mpfr_div, div_down, div_up, 200, a, b);
  }
}

TEST(Directed, InfinitiesNeverGiveNan) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(add_down(kInfinity, -kInfinity), -kInfinity);
  EXPECT_EQ(add_up(kInfinity, -kInfinity), kInfinity);
  EXPECT_EQ(mul_down(0, kInfinity), 0);
  EXPECT_EQ(mul_up(-kInfinity, 0), 0);
  EXPECT_EQ(mul_down(kInfinity, -2), -kInfinity);
  EXPECT_EQ(div_up(kInfinity, kInfinity), kInfinity);
  EXPECT_EQ(div_down(1, 0), -kInfinity);
  EXPECT_EQ(add_up(kInfinity, 1), kInfinity);
  EXPECT_EQ(next_down(kInfinity), std::numeric_limits<double>::max());
  EXPECT_EQ(next_up(-kInfinity), -std::numeric_limits<double>::max());
  EXPECT_EQ(next_down(0), -std::numeric_limits<double>::denorm_min());
}

}  // namespace
}  // namespace halfulp
