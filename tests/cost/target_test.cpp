#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cost/nets.hpp"
#include "halfulp/cost/cost.hpp"

namespace halfulp {
namespace {

TEST(Target, EveryListedTargetReads) {
  const auto names = target_names();
  ASSERT_TRUE(names);
  ASSERT_FALSE(names->empty());
  for (const std::string& name : *names) {
    const auto target = read_target(name);
    ASSERT_TRUE(target) << name << ": " << target.error().message << " " << target.error().place;
    EXPECT_EQ(target->name, name);
    EXPECT_FALSE(target->summary.empty());
    EXPECT_GT(target->per_weight_bit + target->per_activation_bit + static_cast<double>(target->prices.size()), 0);
  }
}

TEST(Target, BitsCountsParametersOnly) {
  const auto target = read_target("bits");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->per_weight_bit, 1);
  EXPECT_EQ(target->per_activation_bit, 0);
  EXPECT_TRUE(target->tables.empty());
}

TEST(Target, UnknownNameGetsTheNearest) {
  const auto target = read_target("bist");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().code, "E0711");
  ASSERT_FALSE(target.error().helps.empty());
  EXPECT_NE(target.error().helps[0].find("bits"), std::string::npos);
}

TEST(Target, NameIsNoPath) { EXPECT_FALSE(read_target("../targets/bits")); }

TEST(Target, TotalWeighsBothKindsOfBits) {
  testing::GraphBuilder builder;
  const NodeId x = builder.input("x", {1, 2});
  const NodeId y = builder.dense("fc", x, 3, {1, 2, 3, 4, 5, 6}, {});
  const Graph graph = builder.finish(y);
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered);
  FormatAssignment formats(graph.nodes.size());
  formats[static_cast<std::size_t>(y)].weight = make_fixed(8, 4);
  formats[static_cast<std::size_t>(y)].output = make_fixed(10, 6);
  const Target target{.name = "both", .summary = "", .per_weight_bit = 2, .per_activation_bit = 0.5};
  EXPECT_EQ(cost_on(target, *lowered, formats).total, 2 * 48 + 0.5 * 30);
}

// A target file in the temporary folder, for the time of one test.
class TargetFile : public ::testing::Test {
 protected:
  const std::string path_ = (std::filesystem::path(::testing::TempDir()) / "halfulp_target_test.toml").string();

  void TearDown() override { std::filesystem::remove(path_); }
  Result<Target> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_target(path_);
  }
  // `text` is refused at line:column with a message that holds `words`.
  void refuses(const std::string& text, const std::string& line_and_column, const std::string& words) {
    const auto target = read(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().code, "E0712") << text;
    EXPECT_EQ(target.error().place, path_ + ":" + line_and_column) << text;
    EXPECT_NE(target.error().message.find(words), std::string::npos) << target.error().message;
  }
};

constexpr const char* kHead = "name = \"mine\"\nsummary = \"for a test\"\n";

TEST_F(TargetFile, PathOfAUsersOwnTarget) {
  const auto target = read(std::string(kHead) +
                           "counting = \"unit_a_node\"\nexact_value = \"e4m3\"\n[cost]\narea = 2\n"
                           "[[table]]\noperation = [\"fixed_add\", \"maximum\"]\ncomponent = \"area\"\naxes = [\"bits\"]\n"
                           "bits = [2, 4]\nvalues = [3, 5]\n");
  ASSERT_TRUE(target) << target.error().message << " " << target.error().place;
  EXPECT_EQ(target->counting, Counting::kUnitANode);
  EXPECT_EQ(target->exact_value.name, "e4m3");
  EXPECT_EQ(target->prices.at("area"), 2);
  EXPECT_EQ(target->per_weight_bit, 0);
  ASSERT_EQ(target->tables.size(), 2U);
  EXPECT_EQ(target->tables[1].operation, Operation::kMaximum);
  EXPECT_EQ(target->tables[0].values, (std::vector<double>{3, 5}));
}

TEST_F(TargetFile, MistakesAreNamedWithTheirPlace) {
  const std::string head = kHead, table = head + "[cost]\n[[table]]\n";
  refuses("name = 3\nsummary = \"\"\n[cost]\n", "1:8", "`name` must be a string");
  refuses(head + "[cost]\narea = 1\n", "4:8", "unknown key 'area'");
  refuses(head + "colour = 1\n[cost]\n", "3:10", "unknown key 'colour'");
  refuses(head + "counting = \"some\"\n[cost]\n", "3:12", "every_operation");
  refuses(head + "exact_value = \"fixed<0,0>\"\n[cost]\n", "3:15", "exact_value");
  refuses(head + "[cost]\nper_weight_bit = -1\n", "4:18", "non-negative");
  refuses(head + "[cost\n", "3:6", "");
  refuses(table + "component = \"c\"\naxes = [\"bit\"]\n", "6:8", "unknown axis 'bit'");
  refuses(table + "component = \"c\"\naxes = [\"bits\"]\nbits = [2, 2]\n", "7:8", "strictly increasing");
  refuses(table + "component = \"c\"\naxes = [\"bits\"]\nbits = [2, 4]\nvalues = [1]\n", "8:10", "needs 2 numbers");
  refuses(table + "component = \"c\"\naxes = [\"bits\"]\nbits = [2, 4]\nvalues = [1, \"x\"]\n", "8:14", "non-negative number");
  refuses(table + "component = \"c\"\naxes = []\nvalues = 1\noperation = \"fixed_ad\"\n", "8:13", "unknown operation 'fixed_ad'");
  refuses(table + "component = \"c\"\naxes = [\"bits\"]\nbits = [2, 4]\nvalues = [0, 1]\ninterpolation = \"power\"\n", "9:17", "positive");
  refuses(table + "component = \"c\"\naxes = [\"bits\"]\nbits = [2, 4]\nvalues = [0, 1]\ninterpolation = \"cubic\"\n", "9:17", "linear");
}

}  // namespace
}  // namespace halfulp
