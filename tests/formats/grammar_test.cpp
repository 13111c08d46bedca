#include <gtest/gtest.h>

#include "halfulp/formats/format.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

TEST(Grammar, CanonicalNames) {
  const std::pair<const char*, const char*> cases[] = {
      {"fixed<8,3>", "fixed<8,3>"},
      {" fixed< 8 , -3 > ", "fixed<8,-3>"},
      {"ufixed<128,20>:wrap:stochastic<8>", "ufixed<128,20>:stochastic<8>:wrap"},
      {"fixed<8,3>:saturate:nearest-even", "fixed<8,3>"},
      {"e5m2:flush:infinity:toward-zero", "e5m2:toward-zero:infinity:flush"},
      {"e5m2:gradual", "e5m2"},
      {"half", "fp16"},
      {"fp8:stochastic<32>", "e4m3:stochastic"},
      {"float<5,10>:odd", "float<5,10>:odd"},
      {"dlfloat16:flush", "dlfloat16"},
      {"fixed<8,3>:saturate-symmetric", "fixed<8,3>:saturate-symmetric"},
  };
  for (const auto& [spelling, canonical] : cases) {
    const auto format = parse_format(spelling);
    ASSERT_TRUE(format) << spelling << ": " << format.error().message;
    EXPECT_EQ(format->name, canonical);
    EXPECT_EQ(parse_format(canonical)->name, canonical);
  }
  EXPECT_EQ(make_fixed(8, 3), format_of("fixed<8,3>"));
  EXPECT_EQ(make_ufixed(8, 3), format_of("ufixed<8,3>"));
  EXPECT_EQ(make_float(5, 10), format_of("float<5,10>"));
}

TEST(Grammar, Errors) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "E0201"},
      {"fp17", "E0201"},
      {"fixd<8,3>", "E0201"},
      {"fp16<3>", "E0201"},
      {"posit<16,1>", "E0201"},
      {"takum<16>", "E0201"},
      {"int<8>", "E0201"},
      {"nvfp4", "E0201"},
      {"fixed", "E0202"},
      {"fixed<8>", "E0202"},
      {"fixed<8,3", "E0202"},
      {"fixed<8,3,1>", "E0202"},
      {"fixed<a,b>", "E0202"},
      {"fixed<0,0>", "E0202"},
      {"fixed<129,3>", "E0202"},
      {"fixed<8,2000>", "E0202"},
      {"fixed<8,-2147483648>", "E0202"},
      {"fixed<8,99999999999999>", "E0202"},
      {"float<1,3>", "E0202"},
      {"float<12,3>", "E0202"},
      {"float<5,53>", "E0202"},
      {"float<5,0>", "E0202"},
      {"fixed<8,3>:stochastic<0>", "E0202"},
      {"fixed<8,3>:stochastic<33>", "E0202"},
      {"fixed<8,3>:infinity", "E0202"},
      {"e2m1:infinity", "E0202"},
      {"e4m3:wrap", "E0202"},
      {"fixed<8,3>:flush", "E0202"},
      {"dlfloat16:gradual", "E0202"},
      {"fixed<8,3>:satrate", "E0203"},
      {"fixed<8,3>:", "E0203"},
      {"fixed<8,3>:up:down", "E0203"},
      {"fixed<8,3>:wrap:wrap", "E0203"},
      {"fixed<8,3>:stochastic<x>", "E0203"},
  };
  for (const auto& [spelling, code] : cases) {
    const auto format = parse_format(spelling);
    ASSERT_FALSE(format) << spelling;
    EXPECT_EQ(format.error().code, code) << spelling << ": " << format.error().message;
  }
}

TEST(Grammar, HelpsWithTheNearestName) {
  EXPECT_EQ(parse_format("fixd<8,3>").error().helps.front(), "did you mean 'fixed'?");
  EXPECT_EQ(parse_format("e4m3fnzu").error().helps.front(), "did you mean 'e4m3fnuz'?");
  EXPECT_EQ(parse_format("fp16:satrate").error().helps.front(), "did you mean 'saturate'?");
  EXPECT_NE(parse_format("posit<8,1>").error().message.find("not available yet"),
            std::string::npos);
}

}  // namespace
}  // namespace halfulp::test
