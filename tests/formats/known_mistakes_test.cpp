// Mistakes that rounding code has been seen to make, each a test named after what goes wrong.
#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/formats/group.hpp"
#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

double rounded(const std::string& format, double x) { return round_to(format_of(format), x); }

constexpr double kInfinity = HUGE_VAL;

TEST(KnownMistakes, SaturatesToTwiceTheLargestNumber) {
  for (const double x : {1e6, kInfinity}) EXPECT_EQ(rounded("e5m2", x), 57344);
  EXPECT_EQ(rounded("e5m2", -1e6), -57344);
}

TEST(KnownMistakes, NanBecomesANumber) {
  for (const Format& format : all_named()) EXPECT_TRUE(std::isnan(round_to(format, std::nan("")))) << format.name;
  for (const char* name : {"fixed<8,4>", "posit<8,1>", "takum<16>", "lns<8,4>", "dw<fp16>"}) {
    EXPECT_TRUE(std::isnan(rounded(name, std::nan("")))) << name;
  }
}

TEST(KnownMistakes, OverflowRoundsToANumberTheFormatDoesNotHave) {
  EXPECT_EQ(rounded("e5m2:infinity", 61440), kInfinity);
  EXPECT_EQ(rounded("e5m2", 61440), 57344);
  EXPECT_EQ(rounded("e5m2:infinity", std::nextafter(61440.0, 0.0)), 57344);
}

TEST(KnownMistakes, TiesGoAwayFromZeroInsteadOfToEven) {
  EXPECT_EQ(rounded("e5m2", 1.125), 1);
  EXPECT_EQ(rounded("e5m2", 1.375), 1.5);
  EXPECT_EQ(rounded("bf16", 1 + 0x1p-8), 1);
  EXPECT_EQ(rounded("bf16", 1 + 0x3p-8), 1 + 0x1p-6);
  EXPECT_EQ(rounded("fixed<8,4>", 0.03125), 0);
}

TEST(KnownMistakes, FullPrecisionFlipsTheSign) {
  EXPECT_EQ(rounded("float<8,23>", 3.0), 3.0);
  EXPECT_EQ(rounded("float<8,23>", -3.0), -3.0);
  EXPECT_EQ(rounded("fp32", 0x1.fffffep0), 0x1.fffffep0);
}

TEST(KnownMistakes, SaturatingModeLeavesInfinity) {
  for (const char* name : {"e5m2", "fp16", "bf16", "binary8p3", "float<4,3>"}) {
    EXPECT_EQ(rounded(name, kInfinity), largest(format_of(name))) << name;
    EXPECT_EQ(rounded(name, -kInfinity), lowest(format_of(name))) << name;
  }
}

TEST(KnownMistakes, SinglePrecisionSubnormalsAreWrongInBf16) {
  const Format format = format_of("bf16");
  for (std::uint32_t code = 1; code < 0x800000; code += 97) {
    const double x = std::ldexp(static_cast<double>(code), -149);
    EXPECT_TRUE(same(Mp(round_to(format, x)), oracle_round(format, Mp(x)))) << code;
  }
}

// The exponent of 2^-17 (1 - 2^-24) is -18, not what a rounded logarithm says.
TEST(KnownMistakes, ExponentByARoundedLogarithm) {
  EXPECT_EQ(rounded("e5m2", 0x1.fffffep-18), 0);
  EXPECT_EQ(rounded("e5m2", 0x1p-17), 0);
  EXPECT_EQ(rounded("e5m2", 0x1.000002p-17), 0x1p-16);
  const Format block = format_of("mx<e4m3,32>");
  EXPECT_EQ(choose_scale(block, GroupExtent{0, std::nextafter(512.0, 0.0)}).scale, 1);
  EXPECT_EQ(choose_scale(block, GroupExtent{0, 512}).scale, 2);
  EXPECT_EQ(rounded("lns<16,6>", std::nextafter(2.0, 0.0)), 2);
}

TEST(KnownMistakes, LargestSinglePrecisionNumberGivesNan) {
  EXPECT_EQ(rounded("e5m2", 0x1.fffffep127), 57344);
  EXPECT_EQ(rounded("e4m3", 0x1.fffffep127), 448);
  EXPECT_EQ(rounded("posit<16,1>", 0x1.fffffep127), 0x1p28);
  EXPECT_EQ(rounded("e8m0", 0x1.fffffep127), 0x1p127);
}

TEST(KnownMistakes, JustAboveHalfTheSmallestSubnormalBecomesZero) {
  for (const char* name : {"e5m2", "e4m3", "fp16", "e2m1", "bf16", "fp64"}) {
    const double smallest = smallest_positive(format_of(name));
    if (smallest / 2 == 0) continue;
    EXPECT_EQ(rounded(name, std::nextafter(smallest / 2, 1.0)), smallest) << name;
    EXPECT_EQ(rounded(name, smallest / 2), 0) << name;
  }
}

TEST(KnownMistakes, NormalRangeOnly) {
  EXPECT_EQ(rounded("e5m2", 0x1.4p-15), 0x1p-15);
  EXPECT_EQ(rounded("e5m2", 0x1p-16), 0x1p-16);
  EXPECT_EQ(rounded("float<5,2>:infinity", 1e30), kInfinity);
}

// -431.99999999999994 is nearer to -416; as a float32 it would be -432, a tie that goes to -448.
TEST(KnownMistakes, DoublesAreRoundedTwice) {
  EXPECT_EQ(rounded("e4m3", -431.99999999999994), -416);
  EXPECT_EQ(rounded("e4m3", -432), -448);
  EXPECT_EQ(rounded("posit<8,1>", 1 + 0x1p-5 + 0x1p-50), 1 + 0x1p-4);
}

TEST(KnownMistakes, LargestE4m3Is480) {
  EXPECT_EQ(largest(format_of("e4m3")), 448);
  EXPECT_EQ(rounded("e4m3", 480), 448);
  EXPECT_TRUE(std::isnan(rounded("e4m3:infinity", 480)));
}

TEST(KnownMistakes, TheLastSubnormalDoesNotCarryIntoTheFirstNormal) {
  EXPECT_EQ(rounded("e4m3", 0.015625 * (1 - 0x1p-5)), 0.015625);
  EXPECT_EQ(rounded("e5m2", 0x1p-14 * (1 - 0x1p-4)), 0x1p-14);
}

// Between maxpos and its neighbour the boundary is the posit with one bit more, and the tie is even.
TEST(KnownMistakes, PositTiesBetweenTheExtremeRegimes) {
  for (const std::string name : {"posit<8,0>", "posit<8,1>", "posit<16,1>", "posit<8,2>", "posit<16,2>"}) {
    const Format format = format_of(name);
    const double most = largest(format);
    const double ratio = std::ldexp(1.0, 1 << format.exponent_bits);
    const double tie = most / std::sqrt(ratio) * (format.exponent_bits == 0 ? 1.5 / std::sqrt(2.0) : 1.0);
    const double boundary = format.exponent_bits == 0 ? most * 0.75 : tie;
    EXPECT_EQ(rounded(name, boundary), most / ratio) << name;  // maxpos has an odd code
    EXPECT_EQ(rounded(name, std::nextafter(boundary, most)), most) << name;
    EXPECT_EQ(rounded(name, -boundary), -most / ratio) << name;
    EXPECT_EQ(rounded(name, most * 1e6), most) << name;
    EXPECT_EQ(rounded(name, 1e-300), 1 / most) << name;
  }
}

TEST(KnownMistakes, EncodersThatFailTheRoundTripOfTheirOwnCodes) {
  const Format format = format_of("e4m3");
  for (std::uint64_t code = 0; code < 256; ++code) {
    if (code == 0x7F || code == 0xFF) continue;
    EXPECT_EQ(encode(format, decode(format, code)), code);
  }
}

// Saturation of the block's largest value by the floor rule is bounded, and the other rules avoid or lessen it.
TEST(KnownMistakes, BlockScaleRulesAreTakenForOneAnother) {
  const auto scale = [](const std::string& rule, double a) {
    return choose_scale(format_of("mx<e2m1,32>" + rule), GroupExtent{-a, 0}).scale;
  };
  EXPECT_EQ(scale("", 7), 1);
  EXPECT_EQ(scale(":scale-even", 7), 2);
  EXPECT_EQ(scale(":scale-ceil", 4.5), 2);
  EXPECT_EQ(scale(":scale-nearest", 7), 1);
  EXPECT_EQ(scale(":scale-saturation-free", 6), 1);
  EXPECT_EQ(scale(":scale-saturation-free", 7), 2);
}

}  // namespace
}  // namespace halfulp::test
