#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "halfulp/formats/exact.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

double random_double(std::mt19937_64& generator) {
  switch (generator() % 8) {
    case 0:
      return std::ldexp(static_cast<double>(generator() % 7), -1074) *
             (generator() % 2 == 0 ? 1 : -1);
    case 1:
      return generator() % 2 == 0 ? 0x1.fffffffffffffp1023 : -0x1.fffffffffffffp1023;
    case 2:
      return static_cast<double>(generator() % 9) - 4;
    case 3:
      return std::ldexp(1.0, static_cast<int>(generator() % 2097) - 1073);
    default:
      break;
  }
  const int spread = generator() % 2 == 0 ? 2000 : 60;
  const double significand = static_cast<double>(static_cast<std::int64_t>(generator()) >> 11);
  return std::ldexp(significand, static_cast<int>(generator() % spread) - spread / 2 - 52);
}

unsigned __int128 low_128(const Mp& integer) {
  mpz_t z;
  mpz_init(z);
  mpfr_get_z(z, integer.get(), MPFR_RNDN);
  mpz_fdiv_r_2exp(z, z, 128);
  unsigned __int128 result = 0;
  for (int i = 1; i >= 0; --i) {
    mpz_t part;
    mpz_init(part);
    mpz_fdiv_q_2exp(part, z, 64 * i);
    mpz_fdiv_r_2exp(part, part, 64);
    result = result << 64 | mpz_get_ui(part);
    mpz_clear(part);
  }
  mpz_clear(z);
  return result;
}

void expect_cut(const LongAccumulator::Truncated& cut, const Mp& magnitude, int lsb) {
  const Mp units = scaled(magnitude, -lsb);
  Mp whole;
  mpfr_floor(whole.get(), units.get());
  const Mp twice = scaled(units - whole, 1);
  const bool half = mpfr_cmp_ui(twice.get(), 1) >= 0;
  const Mp tail = half ? twice - Mp(1.0) : twice;
  ASSERT_TRUE(cut.magnitude == low_128(whole)) << magnitude << " at " << lsb;
  ASSERT_EQ(cut.half, half) << magnitude << " at " << lsb;
  ASSERT_EQ(cut.sticky, !mpfr_zero_p(tail.get())) << magnitude << " at " << lsb;
}

void expect_equal(const LongAccumulator& sum, const Mp& exact, std::mt19937_64& generator) {
  ASSERT_EQ(sum.sign(), mpfr_sgn(exact.get()) > 0 ? 1 : mpfr_sgn(exact.get()) < 0 ? -1 : 0);
  ASSERT_EQ(sum.is_zero(), mpfr_zero_p(exact.get()) != 0);
  Mp magnitude = exact;
  mpfr_abs(magnitude.get(), magnitude.get(), MPFR_RNDN);
  int lsb = static_cast<int>(generator() % 2000) - 1100;
  if (!sum.is_zero()) {
    ASSERT_EQ(sum.exponent(), mpfr_get_exp(exact.get()) - 1);
    if (generator() % 2 == 0)
      lsb = std::max(-2150, sum.exponent() - static_cast<int>(generator() % 140));
  }
  expect_cut(sum.truncate(lsb), magnitude, lsb);
  const int bits = 1 + static_cast<int>(generator() % 32);
  if (lsb - bits < -2176) return;
  const auto finer = static_cast<std::uint64_t>(sum.truncate(lsb - bits).magnitude);
  ASSERT_EQ(sum.discarded_bits(lsb, bits), finer & ((std::uint64_t{1} << bits) - 1));
}

TEST(LongAccumulator, SumsAndProductsAreExact) {
  std::mt19937_64 generator(11);
  LongAccumulator sum;
  for (int run = 0; run < 3000; ++run) {
    sum.clear();
    Mp exact;
    const int terms = static_cast<int>(generator() % 12);
    for (int i = 0; i < terms; ++i) {
      const double x = random_double(generator);
      const double y = random_double(generator);
      if (generator() % 3 == 0) {
        sum.add(x);
        exact = exact + Mp(x);
      } else {
        sum.add_product(x, y);
        exact = exact + Mp(x) * Mp(y);
      }
      if (generator() % 4 == 0) {
        sum.negate();
        mpfr_neg(exact.get(), exact.get(), MPFR_RNDN);
      }
      expect_equal(sum, exact, generator);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(LongAccumulator, CancelsToZero) {
  std::mt19937_64 generator(12);
  for (int run = 0; run < 2000; ++run) {
    LongAccumulator sum;
    std::vector<std::pair<double, double>> terms;
    for (int i = 0; i < 8; ++i)
      terms.emplace_back(random_double(generator), random_double(generator));
    for (const auto& [x, y] : terms) sum.add_product(x, y);
    std::shuffle(terms.begin(), terms.end(), generator);
    for (const auto& [x, y] : terms) sum.add_product(-x, y);
    ASSERT_TRUE(sum.is_zero());
    ASSERT_EQ(sum.sign(), 0);
  }
}

TEST(LongAccumulator, Subtracts) {
  std::mt19937_64 generator(13);
  for (int run = 0; run < 4000; ++run) {
    LongAccumulator a, b;
    Mp exact;
    for (int i = static_cast<int>(generator() % 4); i > 0; --i) {
      const double x = random_double(generator), y = random_double(generator);
      a.add_product(x, y);
      exact = exact + Mp(x) * Mp(y);
    }
    for (int i = static_cast<int>(generator() % 4); i > 0; --i) {
      const double x = random_double(generator), y = random_double(generator);
      b.add_product(x, y);
      exact = exact - Mp(x) * Mp(y);
    }
    a.subtract(b);
    expect_equal(a, exact, generator);
    a.add(1.0);
    a.negate();
    exact = Mp(0.0) - (exact + Mp(1.0));
    expect_equal(a, exact, generator);
    a.subtract(a);
    ASSERT_TRUE(a.is_zero());
    if (HasFatalFailure()) return;
  }
}

TEST(LongAccumulator, QuotientsAreCutCorrectly) {
  std::mt19937_64 generator(14);
  for (int run = 0; run < 6000; ++run) {
    LongAccumulator sum;
    Mp exact;
    const std::uint64_t n = 1 + (generator() >> (generator() % 64));
    for (int i = 0; i < 3; ++i) {
      const double x = random_double(generator);
      // Multiples of n give exact quotients and ties.
      const double y =
          generator() % 2 == 0 ? random_double(generator) : static_cast<double>(n % (1 << 20));
      sum.add_product(x, y);
      exact = exact + Mp(x) * Mp(y);
    }
    if (sum.is_zero()) continue;
    const int lsb = std::max(-2100, sum.exponent() - static_cast<int>(generator() % 200));
    const auto cut = sum.truncate_quotient(lsb, n);
    // floor(|v| / (n 2^(lsb-1))) and whether n 2^(lsb-1) divides |v|, in integers.
    mpz_t numerator, rest;
    mpz_inits(numerator, rest, nullptr);
    Mp magnitude = scaled(exact, 2200);
    mpfr_abs(magnitude.get(), magnitude.get(), MPFR_RNDN);
    mpfr_get_z(numerator, magnitude.get(), MPFR_RNDN);
    mpz_t divisor;
    mpz_init_set_ui(divisor, n);
    mpz_mul_2exp(divisor, divisor, lsb - 1 + 2200);
    mpz_fdiv_qr(numerator, rest, numerator, divisor);
    const bool half = mpz_odd_p(numerator) != 0;
    mpz_fdiv_q_2exp(numerator, numerator, 1);
    Mp whole;
    mpfr_set_z(whole.get(), numerator, MPFR_RNDN);
    ASSERT_TRUE(cut.magnitude == low_128(whole)) << exact << " / " << n;
    ASSERT_EQ(cut.half, half) << exact << " / " << n;
    ASSERT_EQ(cut.sticky, mpz_sgn(rest) != 0) << exact << " / " << n;
    mpz_clears(numerator, rest, divisor, nullptr);
  }
}

}  // namespace
}  // namespace halfulp::test
