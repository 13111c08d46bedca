#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

std::vector<Format> small_formats() {
  std::vector<Format> formats;
  for (const Format& format : all_named()) {
    if (format.width_bits <= 16) formats.push_back(format);
  }
  for (const char* name :
       {"fixed<8,3>", "fixed<8,-4>", "fixed<7,12>", "fixed<1,1>", "ufixed<1,0>", "ufixed<8,2>",
        "fixed<16,16>", "ufixed<16,0>", "fixed<12,1>", "float<2,1>", "float<4,3>", "float<6,9>",
        "lns<4,3>", "lns<8,4>", "lns<12,5>", "lns<16,6>", "lns<16,10>"}) {
    formats.push_back(format_of(name));
  }
  for (int width = 3; width <= 16; ++width) {
    for (int exponent_bits = 0; exponent_bits <= 3; ++exponent_bits) {
      formats.push_back(format_of("posit<" + std::to_string(width) + "," +
                                  std::to_string(exponent_bits) + ">"));
    }
  }
  for (int width = 8; width <= 16; ++width) {
    formats.push_back(format_of("takum<" + std::to_string(width) + ">"));
  }
  return formats;
}

TEST(Codes, DecodeByDefinitionAndEncodeBack) {
  for (const Format& format : small_formats()) {
    SCOPED_TRACE(format.name);
    for (std::uint64_t code = 0; code >> format.width_bits == 0; ++code) {
      const double value = decode(format, code);
      ASSERT_TRUE(same(Mp(value), oracle_decode(format, code))) << code << " " << value;
      const auto back = encode(format, value);
      ASSERT_TRUE(back.has_value()) << code;
      if (std::isnan(value)) {
        ASSERT_EQ(*back, format.nan_codes.front());
      } else {
        ASSERT_EQ(*back, code) << value;
      }
    }
  }
}

TEST(Codes, NothingBetweenValuesHasACode) {
  for (const Format& format : small_formats()) {
    SCOPED_TRACE(format.name);
    const std::vector<double> values = finite_values(format);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double next = i + 1 < values.size() ? values[i + 1] : HUGE_VAL;
      ASSERT_FALSE(encode(format, std::nextafter(values[i], HUGE_VAL))) << values[i];
      ASSERT_FALSE(encode(format, std::nextafter(values[i], -HUGE_VAL))) << values[i];
      if (i + 1 < values.size()) {
        ASSERT_FALSE(encode(format, values[i] / 2 + next / 2)) << values[i];
      }
    }
    EXPECT_EQ(encode(format, std::nan("")).has_value(), !format.nan_codes.empty());
    EXPECT_EQ(encode(format, HUGE_VAL).has_value(), format.has_infinity);
    EXPECT_EQ(largest(format), values.back());
    EXPECT_EQ(lowest(format), values.front());
  }
}

TEST(Codes, WideFormatsRoundTrip) {
  for (const char* name :
       {"fp64", "fp32", "tf32", "fixed<54,20>", "ufixed<53,-3>", "fixed<32,16>", "float<8,40>"}) {
    const Format format = format_of(name);
    for (std::uint64_t i = 0; i < 20000; ++i) {
      const std::uint64_t bits =
          std::uint64_t{random_bits(1, 2, 2 * i)} << 32 | random_bits(1, 2, 2 * i + 1);
      const std::uint64_t code = bits >> (64 - format.width_bits);
      const double value = decode(format, code);
      ASSERT_TRUE(same(Mp(value), oracle_decode(format, code))) << name << " " << code;
      if (!std::isnan(value)) {
        ASSERT_EQ(encode(format, value), code) << name;
      }
    }
  }
}

}  // namespace
}  // namespace halfulp::test
