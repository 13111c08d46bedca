#include "halfulp/support/text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>

#include "halfulp/support/tensor.hpp"

namespace halfulp {
namespace {

TEST(NearestName, FindsSlipsOnly) {
  const std::vector<std::string> names = {"relu", "sigmoid", "tanh", "e4m3"};
  EXPECT_EQ(nearest_name("rleu", names), "relu");
  EXPECT_EQ(nearest_name("sigmiod", names), "sigmoid");
  EXPECT_EQ(nearest_name("E4M3", names), "e4m3");
  EXPECT_EQ(nearest_name("convolution", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_help("tan", names), (std::vector<std::string>{"did you mean 'tanh'?"}));
  EXPECT_TRUE(nearest_help("zzzz", names).empty());
}

TEST(Shortest, ReadsBack) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(-HUGE_VAL), "-inf");
  EXPECT_EQ(shortest(std::nan("")), "nan");
  EXPECT_EQ(std::strtod(shortest(5e-324).c_str(), nullptr), 5e-324);
}

TEST(DirectedText, KnownValues) {
  EXPECT_EQ(round_up_text(0.1, 3), "0.101");  // the double nearest 0.1 lies above it
  EXPECT_EQ(round_down_text(0.1, 3), "0.1");
  EXPECT_EQ(round_up_text(-0.1, 3), "-0.1");
  EXPECT_EQ(round_down_text(-0.1, 3), "-0.101");
  EXPECT_EQ(round_up_text(99.99, 2), "100");
  EXPECT_EQ(round_up_text(1234567, 3), "1240000");
  EXPECT_EQ(round_up_text(1.5, 17), "1.5");
  EXPECT_EQ(round_up_text(0.0, 4), "0");
  EXPECT_EQ(round_up_text(1e300, 1), "2e300");
  EXPECT_EQ(round_down_text(1e-300, 1), "1e-300");
}

// strtold holds 64 bits: enough to order a decimal of 16 digits against a double.
TEST(DirectedText, EnclosesRandomDoubles) {
  std::mt19937_64 generator(1);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = generator();
    double x = 0;
    std::memcpy(&x, &bits, sizeof x);
    if (!std::isfinite(x)) continue;
    const int digits = 1 + static_cast<int>(generator() % 17);
    const std::string up = round_up_text(x, digits);
    const std::string down = round_down_text(x, digits);
    ASSERT_GE(std::strtold(up.c_str(), nullptr), static_cast<long double>(x)) << up;
    ASSERT_LE(std::strtold(down.c_str(), nullptr), static_cast<long double>(x)) << down;
    ASSERT_LE(std::strtold(up.c_str(), nullptr) - std::strtold(down.c_str(), nullptr),
              std::fabs(static_cast<long double>(x)) * std::pow(10.0L, 1 - digits) * 1.0001L);
  }
}

TEST(Files, ReplacesWholeFileAndKeepsLinks) {
  const std::string path = testing::TempDir() + "halfulp_text_file";
  const std::string link = path + "_link";
  std::filesystem::remove(link);
  ASSERT_TRUE(write_file_atomic(path, "first, longer"));
  std::filesystem::create_symlink(path, link);
  ASSERT_TRUE(write_file_atomic(link, "second"));
  EXPECT_EQ(read_file(path).value(), "second");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(read_file(path + "_absent").error().code, "E0101");
  EXPECT_EQ(write_file_atomic(testing::TempDir(), "x").error().code, "E0103");
  ASSERT_TRUE(write_file_atomic("/dev/null", "x"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(RulesFolder, EnvironmentWins) {
  const char* before = std::getenv("HALFULP_RULES");
  const std::string saved = before == nullptr ? "" : before;
  ::setenv("HALFULP_RULES", "/some/where", 1);
  EXPECT_EQ(rules_folder(), "/some/where");
  ::setenv("HALFULP_RULES", saved.c_str(), 1);
}

TEST(Shape, CountsAndSpells) {
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({2, 3, 4}), 24);
  EXPECT_EQ(to_string(Shape{1, 3, 32}), "1x3x32");
  EXPECT_EQ(to_string(Shape{}), "scalar");
}

}  // namespace
}  // namespace halfulp
