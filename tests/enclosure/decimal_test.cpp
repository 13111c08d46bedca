#include <gtest/gtest.h>

#include "enclosure/random_values.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

TEST(Decimal, DoublesArePoints) {
  for (const auto& [text, value] : {std::pair{"0", 0.0},
                                    {"-0.5", -0.5},
                                    {"+3", 3.0},
                                    {"2.5e-1", 0.25},
                                    {".5", 0.5},
                                    {"7.", 7.0},
                                    {"1E3", 1000.0},
                                    {"1e+2", 100.0}}) {
    const auto enclosed = enclose_decimal(text);
    ASSERT_TRUE(enclosed) << text;
    EXPECT_EQ(*enclosed, Interval(value)) << text;
  }
}

TEST(Decimal, OthersAreEnclosedByNeighbours) {
  EXPECT_EQ(*enclose_decimal("0.1"), Interval(next_down(0.1), 0.1));
  EXPECT_EQ(*enclose_decimal("-0.3"), Interval(-next_up(0.3), -0.3));
  EXPECT_EQ(*enclose_decimal("9007199254740993"), Interval(0x1p53, 0x1p53 + 2));
  EXPECT_EQ(*enclose_decimal("1e-400"), Interval(0, 0x1p-1074));
  EXPECT_EQ(*enclose_decimal("-1e400"), Interval(-std::numeric_limits<double>::infinity(),
                                                 -std::numeric_limits<double>::max()));
}

TEST(Decimal, ShortestSpellingsEncloseTheirDouble) {
  test::RandomValues random(31);
  for (int i = 0; i < 20000; ++i) {
    const double x = random.special();
    const auto enclosed = enclose_decimal(shortest(x));
    ASSERT_TRUE(enclosed) << shortest(x);
    ASSERT_TRUE(contains(*enclosed, x)) << shortest(x);
    ASSERT_LE(enclosed->hi, next_up(enclosed->lo)) << shortest(x);
  }
}

TEST(Decimal, RejectsEverythingElse) {
  for (const char* text : {"",      "+",   "-",        ".",    "e5",    "1e",    "1e+", "inf",
                           "-inf",  "nan", "infinity", "0x10", "1/3",   "1,5",   "1 ",  " 1",
                           "1.2.3", "--1", "1e5x",     "1d3",  "0.1\n", "@inf@", "1@5"}) {
    const auto enclosed = enclose_decimal(text);
    ASSERT_FALSE(enclosed) << text;
    EXPECT_EQ(enclosed.error().code, "E0105");
  }
}

}  // namespace
}  // namespace halfulp
