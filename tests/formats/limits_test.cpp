#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

TEST(Limits, FixedPoint) {
  const Format format = make_fixed(8, 3);
  EXPECT_EQ(largest(format), 3.96875);
  EXPECT_EQ(lowest(format), -4);
  EXPECT_EQ(smallest_positive(format), 0.03125);
  EXPECT_EQ(unit_roundoff(format), 0);
  EXPECT_EQ(lowest(format_of("fixed<8,3>:saturate-symmetric")), -3.96875);
  EXPECT_EQ(lowest(make_ufixed(8, 3)), 0);
  EXPECT_EQ(largest(make_ufixed(8, 3)), 7.96875);
  EXPECT_TRUE(fits_double(make_fixed(54, 3)));
  EXPECT_FALSE(fits_double(make_fixed(55, 3)));
  EXPECT_TRUE(fits_double(make_ufixed(53, 3)));
  EXPECT_FALSE(fits_double(make_ufixed(54, 3)));
  EXPECT_EQ(largest(make_fixed(128, 128)), 0x1.fffffffffffffp126);
  EXPECT_EQ(lowest(make_fixed(128, 128)), -0x1p127);
  EXPECT_EQ(unit_roundoff(format_of("fp16")), 0x1p-11);
  EXPECT_EQ(unit_roundoff(format_of("fp16:up")), 0x1p-10);
}

TEST(MaxRoundingError, HoldsAndIsReached) {
  EXPECT_EQ(max_rounding_error(make_fixed(8, 3), 1), 0x1p-6);
  EXPECT_EQ(max_rounding_error(format_of("fixed<8,3>:up"), 1), 0x1p-5);
  EXPECT_EQ(max_rounding_error(format_of("fp16"), 1), 0x1p-12);
  EXPECT_EQ(max_rounding_error(format_of("fp16"), 1.5), 0x1p-11);
  EXPECT_EQ(max_rounding_error(format_of("fp16:stochastic"), 1.5), 0x1p-10);
  EXPECT_EQ(max_rounding_error(format_of("fp16"), 0), 0);
  EXPECT_EQ(max_rounding_error(format_of("fp64"), 5e-324), 5e-324);
  EXPECT_EQ(max_rounding_error(format_of("fp16:flush"), 1e-5), 1e-5);
  EXPECT_EQ(max_rounding_error(format_of("e4m3"), HUGE_VAL), 16);
}

TEST(MaxRoundingError, BoundsRandomRoundings) {
  std::mt19937_64 generator(31);
  for (const std::string name : {"fixed<8,3>", "ufixed<9,-2>", "fp16", "e4m3", "e5m2", "e2m1",
                                 "dlfloat16", "fp16:flush", "e4m3fnuz", "e4m3:flush", "posit<8,1>",
                                 "posit<6,3>", "posit<16,2>", "takum<8>", "takum<12>", "lns<8,4>",
                                 "lns<12,3>", "e8m0", "binary8p1", "dw<fp16>"}) {
    std::vector<std::string> modes = kRoundingModes;
    modes.push_back("stochastic<4>");
    for (const std::string& mode : modes) {
      const Format format = format_of(name + ":" + mode + ":error");
      for (int run = 0; run < 3000; ++run) {
        const double scale = std::ldexp(largest(format), -static_cast<int>(generator() % 50));
        const double x = scale * (static_cast<double>(generator() >> 11) * 0x1p-52 - 1) * 1.1;
        const double rounded = round_to(format, x, static_cast<std::uint32_t>(generator()));
        if (std::isnan(rounded)) continue;
        for (const double magnitude :
             {std::fabs(x), std::fabs(x) * 1.7, std::ldexp(1.0, std::ilogb(x) + 1)}) {
          ASSERT_LE(std::fabs(rounded - x), max_rounding_error(format, magnitude))
              << format.name << " " << x;
        }
      }
    }
  }
}

}  // namespace
}  // namespace halfulp::test
