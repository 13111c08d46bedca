// Every value of a format, every rounding boundary and every midpoint of neighbours, and the doubles
// and the float32 numbers beside them, in every mode: the double path and the exact path against the
// oracle.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"
#include "value_table.hpp"

namespace halfulp::test {
namespace {

void add_with_neighbours(std::set<double>& points, double x) {
  const auto single = static_cast<float>(x);
  for (const double y : {x, std::nextafter(x, HUGE_VAL), std::nextafter(x, -HUGE_VAL),
                         static_cast<double>(std::nextafter(single, HUGE_VALF)),
                         static_cast<double>(std::nextafter(single, -HUGE_VALF))}) {
    if (std::isfinite(y) && y != 0) points.insert(y);
  }
}

void add_beyond(std::set<double>& points, double limit, double step) {
  if (limit == 0) step = -std::fabs(step);
  for (const double steps : {0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 127.5, 4097.0, 1e5, 1e15}) {
    add_with_neighbours(points, limit + steps * step);
  }
  add_with_neighbours(points, limit * 2);
}

// The places where the rounded value can change.
std::vector<double> boundaries(const Format& format) {
  const std::vector<double> values = finite_values(format);
  std::set<double> points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    add_with_neighbours(points, values[i]);
    if (i + 1 < values.size()) add_with_neighbours(points, values[i] / 2 + values[i + 1] / 2);
  }
  if (is_tabled(format)) {
    for (const double x : table_boundaries(format)) {
      add_with_neighbours(points, x);
      add_with_neighbours(points, -x);
    }
  }
  const double smallest = smallest_positive(format) == 0 ? 1.0 : smallest_positive(format);
  for (const double x : {smallest / 4, 1e-300, 5e-324, 1e300, 1.7976931348623157e308}) {
    add_with_neighbours(points, x);
    add_with_neighbours(points, -x);
  }
  const double top_step = values.size() > 1 ? values.back() - values[values.size() - 2] : 1.0;
  add_beyond(points, values.back(), top_step == 0 ? 1.0 : top_step);
  add_beyond(points, values.front(), -top_step);
  return {points.begin(), points.end()};
}

void expect_rounded(const Format& format, double x, std::uint32_t random) {
  const Mp expected = oracle_round(format, Mp(x), random);
  const double got = round_to(format, x, random);
  ASSERT_TRUE(same(Mp(got), expected))
      << format.name << " x=" << x << " got " << got << " not " << expected;
  LongAccumulator sum;
  sum.add(x);
  const Expansion exact = round_exact(format, sum, random);
  ASSERT_TRUE(same(Mp(exact), expected))
      << format.name << " x=" << x << " exactly " << exact.part[0] << " not " << expected;
  ASSERT_EQ(exact.part[1], 0);
}

std::vector<std::string> overflow_modes(const Format& format) {
  std::vector<std::string> modes = {"saturate", "saturate-symmetric", "error"};
  if (format.has_infinity || !format.nan_codes.empty()) modes.push_back("infinity");
  if (format.family == FormatFamily::kFixed) modes.push_back("wrap");
  return modes;
}

void check_format(const std::string& name, const std::vector<std::string>& overflows) {
  const Format base = format_of(name);
  const std::vector<double> points = boundaries(base);
  for (const std::string& overflow : overflows) {
    for (const std::string& mode : kRoundingModes) {
      const Format format = format_of(name + ":" + mode + ":" + overflow);
      for (const double x : points) {
        expect_rounded(format, x, 0);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

const std::vector<std::string> kFixedSamples = {
    "fixed<8,3>",  "fixed<8,-4>", "fixed<7,12>", "fixed<1,1>", "fixed<2,2>", "ufixed<1,0>",
    "ufixed<8,2>", "ufixed<6,9>", "fixed<10,0>", "float<2,1>", "float<4,3>"};

const std::vector<std::string> kTabledSamples = {
    "posit<3,0>", "posit<4,2>", "posit<6,3>", "posit<8,0>", "posit<8,1>", "posit<8,2>",
    "posit<8,3>", "posit<9,5>", "posit<10,1>", "takum<8>",  "takum<9>",   "takum<10>",
    "lns<4,3>",   "lns<6,1>",   "lns<8,4>",   "lns<8,7>",   "lns<9,3>",   "lns<10,9>"};

TEST(Boundaries, FormatsOfUpToTenBitsInEveryMode) {
  std::vector<std::string> names = kFixedSamples;
  names.insert(names.end(), kTabledSamples.begin(), kTabledSamples.end());
  for (const Format& format : all_named()) {
    if (format.width_bits <= 10) names.push_back(format.name);
  }
  for (const std::string& name : names) {
    check_format(name, overflow_modes(format_of(name)));
    if (HasFatalFailure()) return;
  }
}

TEST(Boundaries, FlushedSubnormals) {
  for (const std::string name : {"e4m3", "e5m2", "e2m1", "e4m3fnuz", "e3m4", "dlfloat16"}) {
    for (const std::string& mode : kRoundingModes) {
      const Format format = format_of(name + ":flush:" + mode);
      for (const double x : boundaries(format_of("e5m2"))) expect_rounded(format, x, 0);
      for (const double x : boundaries(format_of("e4m3"))) expect_rounded(format, x, 0);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Boundaries, StochasticDraws) {
  for (const std::string name :
       {"e4m3", "e5m2", "e2m1", "fixed<6,3>", "ufixed<5,1>", "dlfloat16", "posit<8,1>", "posit<6,3>",
        "posit<7,0>", "takum<8>", "lns<8,4>", "e8m0", "binary8p1"}) {
    const std::vector<double> points = boundaries(format_of(name == "dlfloat16" ? "e5m2" : name));
    for (const std::string& overflow : overflow_modes(format_of(name))) {
      for (const std::string bits : {"1", "3", "32"}) {
        const Format format = format_of(name + ":stochastic<" + bits + ">:" + overflow);
        for (std::size_t i = 0; i < points.size(); ++i) {
          for (const std::uint32_t random :
               {0u, 1u, 3u, 5u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu, random_bits(7, 7, i)}) {
            expect_rounded(format, points[i], random);
            if (HasFatalFailure()) return;
          }
        }
      }
    }
  }
}

class SixteenBits : public testing::TestWithParam<std::string> {};

TEST_P(SixteenBits, InEveryRoundingMode) {
  const bool is_fixed = format_of(GetParam()).family == FormatFamily::kFixed;
  check_format(GetParam(), {is_fixed ? "wrap" : "infinity"});
}

INSTANTIATE_TEST_SUITE_P(Boundaries, SixteenBits,
                         testing::Values("fp16", "bf16", "dlfloat16", "fixed<16,8>",
                                         "ufixed<16,-2>", "posit<16,1>", "posit<16,2>", "posit<14,0>",
                                         "posit<15,3>", "takum<12>", "takum<16>", "lns<14,5>",
                                         "lns<13,4>"));

// Just beside each boundary by less than a double can say: the exact path must see it.
TEST(Boundaries, SumsCloserThanADouble) {
  for (const std::string name :
       {"e4m3", "e5m2", "e2m1", "fixed<6,3>", "ufixed<5,1>", "e4m3fnuz", "binary8p3", "posit<8,1>",
        "posit<7,3>", "takum<9>", "lns<8,4>", "e8m0", "binary8p1"}) {
    const std::vector<double> points = boundaries(format_of(name));
    for (const std::string& mode : kRoundingModes) {
      const Format format = format_of(name + ":" + mode);
      for (const double x : points) {
        for (const double tiny : {0x1p-600, -0x1p-600}) {
          LongAccumulator sum;
          sum.add(x);
          sum.add_product(tiny, 0x1p-500);
          const Mp exact = Mp(x) + Mp(tiny) * Mp(0x1p-500);
          const Mp expected = oracle_round(format, exact);
          ASSERT_TRUE(same(Mp(round_exact(format, sum)), expected))
              << format.name << " beside " << x;
        }
      }
    }
  }
}

}  // namespace
}  // namespace halfulp::test
