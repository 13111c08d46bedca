#include "halfulp/report/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace halfulp {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Json, KeepsOrderAndWritesShortestNumbers) {
  Json json = Json::object();
  json.set("z", 0.1).set("a", 3).set("b", true).set("n", Json()).set("s", "x\"\n");
  EXPECT_EQ(json.dump(), "{\n  \"z\": 0.1,\n  \"a\": 3,\n  \"b\": true,\n  \"n\": null,\n  \"s\": \"x\\\"\\n\"\n}");
}

TEST(Json, NonFiniteNumbersAreStrings) {
  const Json json = Json::array_of(std::vector<double>{kInfinity, -kInfinity, std::nan("")});
  EXPECT_EQ(json.dump(), "[\"inf\", \"-inf\", \"nan\"]");
  const auto read = parse_json(json.dump(), "j");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->elements()[0].number(0), kInfinity);
  EXPECT_EQ(read->elements()[1].number(0), -kInfinity);
  EXPECT_TRUE(std::isnan(read->elements()[2].number(0)));
}

TEST(Json, NumbersComeBackBitForBit) {
  for (const double x : {0.1, 1e-310, -0.0, 1e300, 5e-324, 0x1.fffffffffffffp1023, 1e16, 123456789.0}) {
    const auto read = parse_json(Json::array().push(x).dump(), "j");
    ASSERT_TRUE(read.has_value()) << x;
    EXPECT_EQ(read->elements()[0].number(7), x);
  }
  const auto big = parse_json(Json::array().push(18446744073709551615u).dump(), "j");
  EXPECT_EQ(big->dump(), "[18446744073709551615]");
}

TEST(Json, NestedDocumentComesBack) {
  Json json = Json::object();
  json.set("layers", Json::array().push(Json::object().set("name", "fc").set("range", Json::object().set("lo", -1.5))));
  json.set("empty", Json::object()).set("none", Json::array());
  const auto read = parse_json(json.dump(), "j");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, json);
  EXPECT_EQ((*read)["layers"].elements()[0]["range"]["lo"].number(0), -1.5);
  EXPECT_TRUE((*read)["absent"]["deeper"].is_null());
}

TEST(Json, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_TRUE(parse_json(Json::array().push("\xff\xfe").dump(), "j").has_value());
}

TEST(Json, HostileTextIsRefused) {
  for (const std::string& text : {std::string(), std::string("{"), std::string("[1,]"), std::string("nan"), std::string("{\"a\":1}x"),
                                 std::string(100000, '['), std::string("\"\xff\"")}) {
    const auto read = parse_json(text, "j");
    ASSERT_FALSE(read.has_value()) << text.substr(0, 20);
    EXPECT_EQ(read.error().code, "E0106");
    EXPECT_TRUE(read.error().place.starts_with("j:byte "));
  }
}

}  // namespace
}  // namespace halfulp
