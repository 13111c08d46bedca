#include <gtest/gtest.h>

#include "halfulp/tuning/tuning.hpp"

namespace halfulp {
namespace {

TEST(Patterns, FixedFamily) {
  const auto patterns = parse_patterns({"fixed<2..32,*>", "ufixed<4..16, *>", "fixed<7,*>"});
  ASSERT_TRUE(patterns) << patterns.error().message;
  ASSERT_EQ(patterns->size(), 3u);
  EXPECT_TRUE((*patterns)[0].is_fixed_family && (*patterns)[0].is_signed);
  EXPECT_EQ((*patterns)[0].min_width, 2);
  EXPECT_EQ((*patterns)[0].max_width, 32);
  EXPECT_FALSE((*patterns)[1].is_signed);
  EXPECT_EQ((*patterns)[2].min_width, 7);
  EXPECT_EQ((*patterns)[2].max_width, 7);
}

TEST(Patterns, SinglesAndFloatFamilies) {
  const auto patterns = parse_patterns({"e4m3", "fixed<8,3>", "e{2..3}m{1..4}"});
  ASSERT_TRUE(patterns) << patterns.error().message;
  ASSERT_EQ(patterns->size(), 2u + 8u);
  EXPECT_EQ((*patterns)[0].single->name, "e4m3");
  EXPECT_EQ((*patterns)[1].single->fraction_bits, 5);
  EXPECT_EQ((*patterns)[2].single->exponent_bits, 2);
  EXPECT_EQ((*patterns)[9].single->stored_significand_bits, 4);
}

TEST(Patterns, WidthsOfOtherFamilies) {
  const auto patterns = parse_patterns({"int<2..8>@channel", "posit<4..6,1>", "fixed<4..5,2>"});
  ASSERT_TRUE(patterns) << patterns.error().message;
  ASSERT_EQ(patterns->size(), 7u + 3u + 2u);
  EXPECT_EQ((*patterns)[0].single->name, "int<2>@channel");
  EXPECT_TRUE((*patterns)[6].single->per_channel);
  EXPECT_EQ((*patterns)[9].single->width_bits, 6);
  EXPECT_EQ((*patterns)[11].single->fraction_bits, 3);
}

TEST(Patterns, WhatNamesNoFormatIsRefused) {
  for (const char* spelling : {"fixd<2..32,*>", "fixed<32..2,*>", "fixed<0..8,*>", "fixed<2..999,*>", "e{9..2}m{1}", "e{2..12}m{3}",
                               "e4m33", "", "fixed<8>", "*", "fixed<2..99999999999,*>", "int<8..2>", "int<2..64>@row", "nothing<2..4>"}) {
    const auto patterns = parse_patterns({"fixed<4,*>", spelling});
    ASSERT_FALSE(patterns) << spelling;
    EXPECT_EQ(patterns.error().code, "E0801") << spelling;
    EXPECT_FALSE(patterns.error().helps.empty()) << spelling;
    EXPECT_NE(patterns.error().message.find("'" + std::string(spelling) + "'"), std::string::npos);
  }
  EXPECT_FALSE(parse_patterns({}));
}

TEST(Patterns, NearestSpellingIsOffered) {
  const auto family = parse_patterns({"fixd<2..32,*>"});
  ASSERT_FALSE(family);
  EXPECT_NE(family.error().helps[0].find("fixed<2..32,*>"), std::string::npos) << family.error().helps[0];
  const auto single = parse_patterns({"e4m33"});
  ASSERT_FALSE(single);
  EXPECT_NE(single.error().helps[0].find("e4m3"), std::string::npos) << single.error().helps[0];
}

}  // namespace
}  // namespace halfulp
