#include "ladder.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/formats/round.hpp"

namespace halfulp {
namespace {

// Straight from the definition: a value fits if rounding to the grid gives a code of that width.
bool rounded_fits(const Format& format, double x) {
  const double code = std::nearbyint(std::ldexp(x, format.fraction_bits));
  return code <= std::ldexp(1.0, format.width_bits - 1) - 1 && code >= -std::ldexp(1.0, format.width_bits - 1);
}

TEST(Ladder, MostFractionBitsThatHoldTheConstants) {
  for (const double high : {0.3, 0.99, 1.0, 1.5, 7.999, 8.0, 1e-4, 12345.6}) {
    for (const double low : {0.0, -0.3, -1.0, -8.0, -1e-4}) {
      for (int width = 2; width <= 24; ++width) {
        const auto fraction = fraction_bits_for(width, true, {std::min(low, high), high}, Fit::kRounded);
        ASSERT_TRUE(fraction);
        const Format format = make_fixed(width, width - *fraction), finer = make_fixed(width, width - *fraction - 1);
        EXPECT_TRUE(rounded_fits(format, high) && rounded_fits(format, low)) << width << " " << low << " " << high;
        EXPECT_FALSE(rounded_fits(finer, high) && rounded_fits(finer, low)) << width << " " << low << " " << high;
      }
    }
  }
}

TEST(Ladder, WholeRangesLieWithinTheLimits) {
  for (const double high : {0.3, 1.0, 63.0, 63.5, 64.0}) {
    for (int width = 2; width <= 24; ++width) {
      const auto fraction = fraction_bits_for(width, true, {-high, high}, Fit::kWhole);
      ASSERT_TRUE(fraction);
      const Format format = make_fixed(width, width - *fraction);
      EXPECT_LE(high, largest(format));
      EXPECT_GE(-high, lowest(format));
    }
  }
}

TEST(Ladder, IntegerBitsAgreeWithFractionBits) {
  for (const double high : {0.2, 0.99, 1.0, 5.0, 127.9}) {
    for (int fraction = -2; fraction <= 20; ++fraction) {
      const auto integer = integer_bits_for(fraction, true, {-0.1, high}, Fit::kRounded);
      ASSERT_TRUE(integer);
      const auto back = fraction_bits_for(*integer + fraction, true, {-0.1, high}, Fit::kRounded);
      ASSERT_TRUE(back);
      EXPECT_GE(*back, fraction);
    }
  }
}

TEST(Ladder, UnboundedAndNegativeRanges) {
  EXPECT_FALSE(fraction_bits_for(8, true, {-INFINITY, 1}, Fit::kWhole));
  EXPECT_FALSE(integer_bits_for(8, true, {0, INFINITY}, Fit::kWhole));
  EXPECT_FALSE(integer_bits_for(8, false, {-1, 1}, Fit::kWhole));
  const std::vector<FormatPattern> patterns = {{.is_fixed_family = true, .is_signed = false, .min_width = 2, .max_width = 8, .single = {}}};
  EXPECT_EQ(ladder(patterns, {-1, 1}, Fit::kWhole).size(), 1u);  // nothing holds it: the one that reaches farthest
}

TEST(Ladder, PrecisionRisesWithWidth) {
  const auto patterns = parse_patterns({"fixed<2..20,*>", "e4m3", "fp16", "e5m2"});
  ASSERT_TRUE(patterns);
  const auto levels = ladder(*patterns, {-0.8, 0.7}, Fit::kRounded);
  ASSERT_GT(levels.size(), 10u);
  for (std::size_t i = 1; i < levels.size(); ++i) {
    EXPECT_LE(levels[i - 1].format.width_bits, levels[i].format.width_bits);
    EXPECT_LT(levels[i - 1].precision, levels[i].precision);
  }
  EXPECT_EQ(level_at_least(levels, -100), 0u);
  EXPECT_EQ(level_at_least(levels, 1000), levels.size() - 1);
}

TEST(Ladder, PrecisionBoundsTheRoundingError) {
  const auto patterns = parse_patterns({"fixed<2..12,*>", "e{2..5}m{1..6}"});
  ASSERT_TRUE(patterns);
  for (const Level& level : ladder(*patterns, {-3.3, 2.9}, Fit::kWhole)) {
    for (double x = -3.3; x <= 2.9; x += 0.0371) {
      EXPECT_LE(std::fabs(round_to(level.format, x) - x), std::exp2(-level.precision) * (1 + 1e-12)) << level.format.name << " " << x;
    }
  }
}

}  // namespace
}  // namespace halfulp
