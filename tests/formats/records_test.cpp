#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <tuple>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

struct Known {
  const char* name;
  int width_bits;
  double largest;
  double smallest_normal;
  double smallest_positive;
};

// From the documents that define the formats.
TEST(Records, KnownLimits) {
  const Known known[] = {
      {"fp64", 64, 0x1.fffffffffffffp1023, 0x1p-1022, 0x1p-1074},
      {"fp32", 32, 0x1.fffffep127, 0x1p-126, 0x1p-149},
      {"tf32", 19, 0x1.ffcp127, 0x1p-126, 0x1p-136},
      {"fp16", 16, 65504, 0x1p-14, 0x1p-24},
      {"bf16", 16, 0x1.fep127, 0x1p-126, 0x1p-133},
      {"dlfloat16", 16, 0x1p33 - 0x1p24, 0x1p-31 + 0x1p-40, 0x1p-31 + 0x1p-40},
      {"e4m3", 8, 448, 0x1p-6, 0x1p-9},
      {"e5m2", 8, 57344, 0x1p-14, 0x1p-16},
      {"e3m2", 6, 28, 0.25, 0.0625},
      {"e2m3", 6, 7.5, 1, 0.125},
      {"e2m1", 4, 6, 1, 0.5},
      {"e4m3fnuz", 8, 240, 0x1p-7, 0x1p-10},
      {"e5m2fnuz", 8, 57344, 0x1p-15, 0x1p-17},
      {"e4m3b11fnuz", 8, 30, 0x1p-10, 0x1p-13},
      {"e3m4", 8, 15.5, 0.25, 0x1p-6},
      {"binary8p3", 8, 49152, 0x1p-15, 0x1p-17},
      {"binary8p4", 8, 224, 0x1p-7, 0x1p-10},
  };
  for (const Known& row : known) {
    const Format format = format_of(row.name);
    EXPECT_EQ(format.width_bits, row.width_bits) << row.name;
    EXPECT_EQ(largest(format), row.largest) << row.name;
    EXPECT_EQ(lowest(format), -row.largest) << row.name;
    EXPECT_EQ(smallest_normal(format), row.smallest_normal) << row.name;
    EXPECT_EQ(smallest_positive(format), row.smallest_positive) << row.name;
    EXPECT_EQ(unit_roundoff(format), std::ldexp(1, -format.stored_significand_bits - 1))
        << row.name;
  }
}

TEST(Records, IeeeRowsEqualTheFamily) {
  for (const auto& [name, exponent, stored] : {std::tuple("fp64", 11, 52),
                                               {"fp32", 8, 23},
                                               {"tf32", 8, 10},
                                               {"fp16", 5, 10},
                                               {"bf16", 8, 7},
                                               {"e3m4", 3, 4},
                                               {"e5m2", 5, 2}}) {
    const Format row = format_of(name);
    const Format family = make_float(exponent, stored);
    EXPECT_EQ(row.bias, family.bias) << name;
    EXPECT_EQ(row.emin, family.emin) << name;
    EXPECT_EQ(row.emax, family.emax) << name;
    EXPECT_EQ(row.max_finite_code, family.max_finite_code) << name;
    EXPECT_EQ(row.nan_codes, family.nan_codes) << name;
  }
}

TEST(Records, HardwareAgreesOnSinglePrecision) {
  const Format fp32 = format_of("fp32:infinity");
  const Format fp64 = format_of("fp64");
  for (std::uint64_t i = 0; i < 200000; ++i) {
    const std::uint64_t bits = std::uint64_t{random_bits(5, 1, i)} << 32 | random_bits(5, 2, i);
    double x = 0;
    std::memcpy(&x, &bits, sizeof x);
    if (i % 2 == 0) x = std::ldexp(x / std::pow(2, std::ilogb(x)), static_cast<int>(i % 300) - 150);
    if (!std::isfinite(x)) continue;
    ASSERT_TRUE(same(Mp(round_to(fp32, x)), Mp(static_cast<double>(static_cast<float>(x))))) << x;
    ASSERT_TRUE(same(Mp(round_to(fp64, x)), Mp(x))) << x;
  }
}

TEST(Records, SpecialInputs) {
  const double inf = HUGE_VAL;
  EXPECT_EQ(round_to(format_of("e4m3"), inf), 448);
  EXPECT_EQ(round_to(format_of("e4m3"), -inf), -448);
  EXPECT_TRUE(std::isnan(round_to(format_of("e4m3:infinity"), inf)));
  EXPECT_EQ(round_to(format_of("e5m2:infinity:toward-zero"), inf), inf);
  EXPECT_EQ(round_to(format_of("e5m2:infinity:toward-zero"), 1e300), 57344);
  EXPECT_TRUE(std::isnan(round_to(format_of("fixed<8,3>:wrap"), inf)));
  EXPECT_TRUE(std::isnan(round_to(format_of("fixed<8,3>:error"), 100)));
  EXPECT_EQ(round_to(format_of("ufixed<8,3>"), -inf), 0);
  EXPECT_TRUE(std::isnan(round_to(format_of("fixed<8,3>"), std::nan(""))));
  EXPECT_TRUE(std::signbit(round_to(format_of("fp16"), -0.0)));
  EXPECT_FALSE(std::signbit(round_to(format_of("fixed<8,3>"), -0.0)));
  EXPECT_FALSE(std::signbit(round_to(format_of("e4m3fnuz"), -0.0)));
  EXPECT_FALSE(std::signbit(round_to(format_of("e4m3fnuz"), -1e-9)));
  EXPECT_TRUE(std::signbit(round_to(format_of("e4m3"), -1e-9)));
}

}  // namespace
}  // namespace halfulp::test
