#include "halfulp/report/numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace halfulp {
namespace {

TEST(ShortNumbers, AreOutward) {
  double x = 1.2345678901234567e-7;
  for (int i = 0; i < 2000; ++i) {
    for (const double signed_x : {x, -x}) {
      const double up = std::strtod(short_up(signed_x).c_str(), nullptr);
      const double down = std::strtod(short_down(signed_x).c_str(), nullptr);
      ASSERT_GE(up, signed_x);
      ASSERT_LE(down, signed_x);
      ASSERT_LE(up - down, std::abs(signed_x) * 1.01e-3) << signed_x;
    }
    x *= 1.0173;
  }
}

TEST(ShortNumbers, ExactOnesStayAsTheyAre) {
  EXPECT_EQ(short_up(0.5), "0.5");
  EXPECT_EQ(short_down(0.5), "0.5");
  EXPECT_EQ(short_up(0), "0");
  EXPECT_EQ(short_range(-1, 2.5), "[-1, 2.5]");
}

TEST(ShortNumbers, ExtremesStayTrue) {
  const double largest = std::numeric_limits<double>::max();
  EXPECT_EQ(short_up(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(std::strtold(short_up(largest).c_str(), nullptr), 1.798e308L);
  EXPECT_EQ(std::strtold(short_down(-largest).c_str(), nullptr), -1.798e308L);
  EXPECT_GE(std::strtod(short_up(5e-324).c_str(), nullptr), 5e-324);
  EXPECT_EQ(std::strtod(short_down(largest).c_str(), nullptr), 1.797e308);
}

TEST(ShortNumbers, PercentRoundsDown) {
  EXPECT_EQ(percent_down(0.99999), "99.9 %");
  EXPECT_EQ(percent_down(1), "100.0 %");
  EXPECT_EQ(percent_down(0.971), "97.1 %");
}

TEST(ShortNumbers, Commas) {
  EXPECT_EQ(with_commas(61706), "61,706");
  EXPECT_EQ(with_commas(-1000), "-1,000");
  EXPECT_EQ(with_commas(999), "999");
}

}  // namespace
}  // namespace halfulp
