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
      {"posit< 16, 1 >:up", "posit<16,1>:up"},
      {"takum<16>:stochastic<8>:error", "takum<16>:stochastic<8>:error"},
      {"lns<16,6>", "lns<16,6>"},
      {"dw<half>", "dw<fp16>"},
      {"dw<float<5,10>>:odd", "dw<float<5,10>>:odd"},
      {"ufloat8", "e8m0"},
      {"int<8>@channel:axis<-1>:asymmetric:up", "int<8>@channel:up:asymmetric:axis<-1>"},
      {"int<8>:symmetric", "int<8>"},
      {"uint<4>:asymmetric", "uint<4>"},
      {"dynamic-fixed<8>:stochastic", "dynamic-fixed<8>:stochastic"},
      {"bfp<8,16>:axis<1>:scale-ceil", "bfp<8,16>:scale-ceil:axis<1>"},
      {"mx<fp8,32>:scale-floor", "mx<e4m3,32>"},
      {"mx<int8,32>:scale-saturation-free", "mx<int8,32>:scale-saturation-free"},
      {"mx<float<3,4>,16>", "mx<float<3,4>,16>"},
      {"nvfp4:axis<0>", "nvfp4:axis<0>"},
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
      {"nvfp5", "E0201"},
      {"posit", "E0202"},
      {"posit<16>", "E0202"},
      {"posit<33,1>", "E0202"},
      {"posit<2,0>", "E0202"},
      {"posit<16,6>", "E0202"},
      {"posit<16,1>:wrap", "E0202"},
      {"posit<16,1>:flush", "E0202"},
      {"posit<16,1>@channel", "E0202"},
      {"takum<7>", "E0202"},
      {"takum<57>", "E0202"},
      {"lns<8,8>", "E0202"},
      {"lns<8,0>", "E0202"},
      {"lns<33,4>", "E0202"},
      {"dw<e4m3>", "E0202"},
      {"dw<fp16:up>", "E0202"},
      {"dw<fixed<8,3>>", "E0202"},
      {"int<1>", "E0202"},
      {"int<25>", "E0202"},
      {"int<8>@row", "E0202"},
      {"int<8>:wrap", "E0202"},
      {"int<8>:axis<0>", "E0202"},
      {"uint<8>:symmetric", "E0202"},
      {"fixed<8,3>:symmetric", "E0202"},
      {"int<8>@channel:axis<16>", "E0202"},
      {"int<8>@channel:axis<0>:axis<0>", "E0203"},
      {"dynamic-fixed<1>", "E0202"},
      {"dynamic-fixed<8>:axis<0>", "E0202"},
      {"bfp<1,16>", "E0202"},
      {"bfp<8,0>", "E0202"},
      {"mx<e4m3>", "E0202"},
      {"mx<e4m3,32,1>", "E0202"},
      {"mx<fp32,32>", "E0202"},
      {"mx<posit<8,1>,32>", "E0202"},
      {"mx<e4m3:up,32>", "E0202"},
      {"mx<ufixed<8,3>,32>", "E0202"},
      {"mx<e4m4,32>", "E0201"},
      {"mx<e4m3,32>:scale-flor", "E0203"},
      {"mx<e4m3,32>:infinity", "E0202"},
      {"mx<e4m3,32>:scale-ceil:scale-ceil", "E0203"},
      {"e4m3:scale-ceil", "E0202"},
      {"nvfp4<16>", "E0202"},
      {"nvfp4:scale-ceil", "E0202"},
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
  EXPECT_EQ(parse_format("posti<8,1>").error().helps.front(), "did you mean 'posit'?");
  EXPECT_EQ(parse_format("mx<e4m3,32>:scale-flor").error().helps.front(),
            "did you mean 'scale-floor'?");
}

}  // namespace
}  // namespace halfulp::test
