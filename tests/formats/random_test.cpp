#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

// The first block of the reference implementation, Random123's ars4x32 with 7 rounds.
TEST(RandomBits, KnownAnswers) {
  const std::uint32_t zeros[] = {0xDACF61FF, 0xC45798F3, 0x113C7EEB, 0x101E27F3};
  for (std::uint64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(random_bits(0, 0, i), zeros[i]);
  }
  EXPECT_NE(random_bits(0, 1, 0), random_bits(0, 0, 0));
  EXPECT_NE(random_bits(1, 0, 0), random_bits(0, 0, 0));
}

// Over all 2^k draws exactly f = floor(2^k (x - lower) / (upper - lower)) go up.
TEST(Stochastic, CountsOverAllDraws) {
  for (const std::string name : {"fixed<8,4>", "e4m3", "e5m2", "dlfloat16"}) {
    const Format format = format_of(name + ":stochastic<8>");
    for (std::uint64_t i = 0; i < 400; ++i) {
      const double x = (random_bits(9, 1, i) * 0x1p-31 - 1) *
                       std::ldexp(4.0, -static_cast<int>(i % 12) * (name == "dlfloat16" ? 3 : 1));
      const double up = round_to(format_of(name + ":up"), x);
      const double down = round_to(format_of(name + ":down"), x);
      int ups = 0;
      for (std::uint32_t draw = 0; draw < 256; ++draw) {
        const double rounded = round_to(format, x, draw);
        ASSERT_TRUE(rounded == up || rounded == down);
        ups += rounded == up ? 1 : 0;
      }
      if (up == down) continue;
      EXPECT_EQ(ups, std::floor((x - down) / (up - down) * 256)) << name << " " << x;
    }
  }
}

// For every k the draws below f = floor(2^k (x - lower) / (upper - lower)) go up, and no others: f is met exactly. The gaps
// here are powers of two, so that f comes out of one exact division.
TEST(Stochastic, EveryNumberOfBitsMeetsItsThreshold) {
  for (int bits = 1; bits <= 32; ++bits) {
    for (const std::string name : {"fixed<8,4>", "e4m3", "posit<16,1>", "takum<16>", "e8m0"}) {
      const Format format = format_of(name + ":stochastic<" + std::to_string(bits) + ">");
      for (std::uint64_t i = 0; i < 50; ++i) {
        const double magnitude = 0.5 + random_bits(8, 1, i) * 0x1p-31;
        const double x = i % 2 == 0 || name == "e8m0" ? magnitude : -magnitude;
        const double up = round_to(format_of(name + ":up"), x);
        const double down = round_to(format_of(name + ":down"), x);
        if (up == down) continue;
        const double f = std::floor(std::ldexp((x - down) / (up - down), bits));
        const double last = std::ldexp(1.0, bits) - 1;
        for (const double draw : {0.0, f - 1, f, last}) {
          if (draw < 0 || draw > last) continue;
          const auto random = static_cast<std::uint32_t>(draw);
          ASSERT_EQ(round_to(format, x, random), draw < f ? up : down) << format.name << " " << x;
        }
      }
    }
  }
}

// The mean of many draws is the value, between posits of different exponents too.
TEST(Stochastic, IsUnbiasedWhereGapsAreNoPowersOfTwo) {
  for (const std::string name : {"posit<8,1>", "posit<6,3>", "takum<8>", "lns<8,4>"}) {
    const Format format = format_of(name + ":stochastic<16>");
    const double largest_value = largest(format);
    const double below = round_to(format_of(name + ":down"), std::nextafter(largest_value, 0.0));
    const double x = below + (largest_value - below) * 0.3;
    int ups = 0;
    for (std::uint32_t draw = 0; draw < 65536; ++draw) {
      ups += round_to(format, x, draw) == largest_value ? 1 : 0;
    }
    EXPECT_NEAR(ups / 65536.0, 0.3, 1.0 / 65536) << name;
  }
}

TEST(Stochastic, BulkMeanIsTheValue) {
  const Format format = format_of("fixed<8,4>:stochastic");
  const std::vector<double> in(100001, 1.3);
  std::vector<double> out(in.size());
  round_to(format, in, out, 1, 2);
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    sum += out[i];
    ASSERT_EQ(out[i], round_to(format, in[i], random_bits(1, 2, i)));
  }
  EXPECT_NEAR(sum / static_cast<double>(in.size()), 1.3, 0.0006);  // six standard deviations
}

}  // namespace
}  // namespace halfulp::test
