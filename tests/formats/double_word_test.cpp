// Double words: small ones against the sorted list of all their values, wide ones against MPFR.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

// All hi + lo with hi the nearest word to the sum.
std::vector<double> normalised_sums(const Format& word) {
  const std::vector<double> words = finite_values(word);
  Format nearest = word;
  nearest.overflow = OverflowMode::kError;
  std::vector<double> sums;
  for (const double high : words) {
    for (const double low : words) {
      if (round_to(nearest, high + low) == high) sums.push_back(high + low);
    }
  }
  std::sort(sums.begin(), sums.end());
  sums.erase(std::unique(sums.begin(), sums.end()), sums.end());
  return sums;
}

TEST(DoubleWord, RoundsToANeighbourInItsMode) {
  std::mt19937_64 generator(51);
  for (const std::string word : {"float<2,1>", "float<3,2>", "float<4,3>"}) {
    const std::vector<double> values = normalised_sums(format_of(word));
    const std::string name = "dw<" + word + ">";
    const double reach = largest(format_of(name));
    for (int run = 0; run < 20000; ++run) {
      const std::size_t i = generator() % (values.size() - 1);
      const double gap = values[i + 1] - values[i];
      const double x = values[i] + gap * static_cast<double>(generator() % 9) / 8;
      if (std::fabs(x) >= reach) continue;
      const auto above = std::lower_bound(values.begin(), values.end(), x);
      const double up = *above;
      const double down = up == x ? x : *(above - 1);
      ASSERT_EQ(round_to(format_of(name + ":up"), x), up) << name << " " << x;
      ASSERT_EQ(round_to(format_of(name + ":down"), x), down) << name << " " << x;
      ASSERT_EQ(round_to(format_of(name + ":toward-zero"), x), x < 0 ? up : down) << name << " " << x;
      const double nearest = round_to(format_of(name), x);
      ASSERT_EQ(std::fabs(nearest - x), std::min(up - x, x - down)) << name << " " << x;
    }
  }
}

TEST(DoubleWord, CodesRoundTrip) {
  const Format format = format_of("dw<float<3,2>>");
  for (const double x : normalised_sums(*format.element)) {
    const auto code = encode(format, x);
    ASSERT_TRUE(code.has_value()) << x;
    ASSERT_EQ(decode(format, *code), x);
  }
}

// The remainder may have the other sign: toward zero and ties by the sign of the number.
std::string mode_of_low(const std::string& mode, const Mp& exact, const Mp& rest) {
  const bool negative = mpfr_sgn(exact.get()) < 0;
  if (mode == "toward-zero") return negative ? "up" : "down";
  if ((mpfr_sgn(rest.get()) < 0) == negative) return mode;
  if (mode == "nearest-away") return "nearest-zero";
  if (mode == "nearest-zero") return "nearest-away";
  return mode;
}

TEST(DoubleWord, WideSumsAreRoundedOnTheExactRemainder) {
  std::mt19937_64 generator(52);
  for (const std::string word : {"fp32", "fp64", "bf16"}) {
    for (const std::string& mode : kRoundingModes) {
      const Format format = format_of("dw<" + word + ">:" + mode);
      for (int run = 0; run < 300; ++run) {
        LongAccumulator sum;
        Mp exact;
        for (int i = 0; i < 4; ++i) {
          const double x = std::ldexp(static_cast<double>(static_cast<std::int64_t>(generator())), -static_cast<int>(generator() % 120));
          sum.add_product(x, 0x1.8p-3);
          exact = exact + Mp(x) * Mp(0x1.8p-3);
        }
        const Mp high = oracle_round(format_of(word), exact);
        const Mp low = oracle_round(format_of(word + ":" + mode_of_low(mode, exact, exact - high)), exact - high);
        const Expansion got = round_exact(format, sum);
        ASSERT_TRUE(same(Mp(got), high + low)) << format.name << " of " << exact;
        ASSERT_EQ(got.part[0], high.to_double());
      }
    }
  }
}

TEST(DoubleWord, QuotientsToo) {
  const Format format = format_of("dw<fp32>");
  LongAccumulator one;
  one.add(1);
  const Expansion third = round_quotient(format, one, 3);
  EXPECT_EQ(third.part[0], static_cast<double>(1.0f / 3));
  const Mp rest = oracle_round(format_of("fp32"), Mp(1.0) - Mp(third.part[0]) * Mp(3.0), 0, 3);
  EXPECT_EQ(third.part[1], rest.to_double());
}

TEST(DoubleWord, BeyondTheRange) {
  const double most = largest(format_of("dw<fp16>"));
  EXPECT_EQ(most, 65504 + 16 - 0x1p-7);
  EXPECT_EQ(round_to(format_of("dw<fp16>"), 1e6), most);
  EXPECT_EQ(round_to(format_of("dw<fp16>"), -HUGE_VAL), -most);
  EXPECT_EQ(round_to(format_of("dw<fp16>:infinity"), 1e6), HUGE_VAL);
  EXPECT_EQ(round_to(format_of("dw<fp16>:infinity:toward-zero"), 1e6), most);
  EXPECT_TRUE(std::isnan(round_to(format_of("dw<fp16>:error"), 65520)));
}

}  // namespace
}  // namespace halfulp::test
