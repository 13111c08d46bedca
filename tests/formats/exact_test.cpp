// Sums of products and quotients rounded to formats of every width.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

const std::vector<std::string> kFormats = {"fixed<96,40>",   "fixed<128,20>", "ufixed<128,100>",
                                           "fixed<64,32>",   "ufixed<64,0>",  "fixed<54,10>",
                                           "fixed<128,150>", "fixed<33,-10>", "fp64",
                                           "fp32",           "tf32",          "bf16",
                                           "fp16",           "e4m3",          "e5m2",
                                           "dlfloat16",      "e2m1",          "float<11,3>",
                                           "float<2,52>"};

std::vector<std::string> variants(const std::string& name) {
  std::vector<std::string> modes = kRoundingModes;
  modes.push_back("stochastic");
  modes.push_back("stochastic<5>");
  std::vector<std::string> result;
  for (const std::string& mode : modes) {
    result.push_back(name + ":" + mode);
    const bool is_fixed = name.find("fixed") != std::string::npos;
    if (is_fixed) result.push_back(name + ":" + mode + ":wrap");
    if (is_fixed) result.push_back(name + ":" + mode + ":saturate-symmetric");
    if (!is_fixed && name != "e2m1") result.push_back(name + ":" + mode + ":infinity");
  }
  return result;
}

// Values in the range of the format, ties and near-ties of it, and values far outside.
double interesting(const Format& format, std::mt19937_64& generator) {
  const double unit = smallest_positive(format);
  const double significand =
      static_cast<double>(static_cast<std::int64_t>(generator()) >> (11 + generator() % 52));
  switch (generator() % 4) {
    case 0:
      return significand * unit;
    case 1:
      return (significand + 0.5) * unit;
    case 2:
      return std::ldexp(largest(format), -static_cast<int>(generator() % 130)) *
             (generator() % 2 == 0 ? -1 : 1);
    default:
      return std::ldexp(significand, static_cast<int>(generator() % 400) - 200);
  }
}

TEST(RoundExact, RandomSums) {
  std::mt19937_64 generator(21);
  for (const std::string& name : kFormats) {
    for (const std::string& spelling : variants(name)) {
      const Format format = format_of(spelling);
      for (int run = 0; run < 200; ++run) {
        LongAccumulator sum;
        Mp exact;
        for (std::uint64_t i = 1 + generator() % 4; i > 0; --i) {
          const double x = interesting(format, generator);
          const double y = generator() % 3 == 0 ? std::ldexp(1.5, -70) : 1.0;
          if (!std::isfinite(x)) continue;
          sum.add_product(x, y);
          exact = exact + Mp(x) * Mp(y);
        }
        const auto random = static_cast<std::uint32_t>(generator());
        const Mp got(round_exact(format, sum, random));
        const Mp expected = oracle_round(format, exact, random);
        ASSERT_TRUE(same(got, expected))
            << spelling << " of " << exact << ": " << got << " not " << expected;
      }
    }
  }
}

TEST(RoundExact, AgreesWithDoublesBitForBit) {
  std::mt19937_64 generator(22);
  for (const std::string& name : kFormats) {
    if (!fits_double(format_of(name))) continue;
    for (const std::string& spelling : variants(name)) {
      const Format format = format_of(spelling);
      std::vector<double> in;
      for (int i = 0; i < 500; ++i) in.push_back(interesting(format, generator));
      std::vector<double> out(in.size());
      round_to(format, in, out, 5, 6);
      for (std::size_t i = 0; i < in.size(); ++i) {
        if (!std::isfinite(in[i]) || in[i] == 0) continue;
        const std::uint32_t random = random_bits(5, 6, i);
        LongAccumulator sum;
        sum.add(in[i]);
        const Mp exact(round_exact(format, sum, random));
        ASSERT_TRUE(same(Mp(round_to(format, in[i], random)), exact)) << spelling << " " << in[i];
        ASSERT_TRUE(same(Mp(out[i]), exact)) << spelling << " " << in[i];
        ASSERT_TRUE(same(oracle_round(format, Mp(in[i]), random), exact))
            << spelling << " " << in[i];
      }
      round_to(format, in, in, 5, 6);
      for (std::size_t i = 0; i < in.size(); ++i) ASSERT_TRUE(same(Mp(in[i]), Mp(out[i])));
    }
  }
}

TEST(RoundQuotient, RandomSumsAndDivisors) {
  std::mt19937_64 generator(23);
  for (const std::string& name : kFormats) {
    for (const std::string& spelling : variants(name)) {
      const Format format = format_of(spelling);
      for (int run = 0; run < 150; ++run) {
        const std::uint64_t n = 1 + (generator() >> (generator() % 64));
        LongAccumulator sum;
        Mp exact;
        for (int i = 0; i < 2; ++i) {
          const double x = interesting(format, generator);
          if (!std::isfinite(x)) continue;
          const double y =
              generator() % 2 == 0 && n < (1u << 20) ? static_cast<double>(n) / 2 : 1.0;
          sum.add_product(x, y);
          exact = exact + Mp(x) * Mp(y);
        }
        const auto random = static_cast<std::uint32_t>(generator());
        const Mp got(round_quotient(format, sum, n, random));
        const Mp expected = oracle_round(format, exact, random, n);
        ASSERT_TRUE(same(got, expected))
            << spelling << " of " << exact << " / " << n << ": " << got << " not " << expected;
      }
    }
  }
}

TEST(Overflows, IsWhatErrorModeReports) {
  std::mt19937_64 generator(24);
  for (const std::string& name : kFormats) {
    for (const std::string& mode : kRoundingModes) {
      const Format format = format_of(name + ":" + mode + ":error");
      for (int run = 0; run < 300; ++run) {
        const double x = interesting(format, generator);
        if (!std::isfinite(x)) continue;
        LongAccumulator sum;
        sum.add(x);
        ASSERT_EQ(overflows(format, sum), mpfr_nan_p(oracle_round(format, Mp(x)).get()) != 0)
            << format.name << " " << x;
        ASSERT_EQ(overflows(format, sum), std::isnan(round_exact(format, sum).part[0]));
      }
    }
  }
}

}  // namespace
}  // namespace halfulp::test
