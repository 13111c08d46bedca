#include <gtest/gtest.h>

#include "schedule/example.hpp"

namespace halfulp {
namespace {

struct Refusal {
  const char* text;   // below the schema line
  const char* code;
  const char* place;
  const char* says;   // somewhere in message or helps
};

const std::string kHead = "schema = \"halfulp.schedule/1\"\n";

class HostileSchedule : public ::testing::TestWithParam<Refusal> {};

TEST_P(HostileSchedule, IsRefusedWithCodeAndPlace) {
  const auto& expected = GetParam();
  const auto read = parse_schedule(kHead + expected.text, "s.toml");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, expected.code) << read.error().message;
  EXPECT_EQ(read.error().place, expected.place) << read.error().message;
  std::string all = read.error().message;
  for (const auto& help : read.error().helps) all += "\n" + help;
  EXPECT_NE(all.find(expected.says), std::string::npos) << all;
}

INSTANTIATE_TEST_SUITE_P(
    Each, HostileSchedule,
    ::testing::Values(
        Refusal{"[result]\nstatus = ", "E0301", "s.toml:3:10", "TOML"},
        Refusal{"resutl = 1", "E0303", "s.toml:2:10", "result"},
        Refusal{"[result]\nstatsu = \"proved\"", "E0303", "s.toml:3:10", "status"},
        Refusal{"[result]\nstatus = \"certain\"", "E0304", "s.toml:3:10", "proved"},
        Refusal{"[result]\nstatus = 1", "E0304", "s.toml:3:10", "string"},
        Refusal{"[result]\nerror_bound = \"-1\"", "E0304", "s.toml:3:15", "nonnegative"},
        Refusal{"[result]\nerror_bound = \"nan\"", "E0304", "s.toml:3:15", "nonnegative"},
        Refusal{"[result]\nerror_bound = \"1e-2x\"", "E0304", "s.toml:3:15", "nonnegative"},
        Refusal{"[result]\nargmax_share = 1.5", "E0304", "s.toml:3:16", "[0, 1]"},
        Refusal{"[result]\nargmax_share = nan", "E0304", "s.toml:3:16", "[0, 1]"},
        Refusal{"[result.cost]\nweight_bits = inf", "E0304", "s.toml:3:15", "number"},
        Refusal{"[result.cost]\nweight_bits = \"1\"", "E0304", "s.toml:3:15", "number"},
        Refusal{"[provenance]\nseed = -1", "E0304", "s.toml:3:8", "2^64"},
        Refusal{"[provenance]\nseed = \"99999999999999999999\"", "E0304", "s.toml:3:8", "2^64"},
        Refusal{"[requirement]\nmax_error = 1e-3", "E0304", "s.toml:3:13", "string"},
        Refusal{"provenance = 3", "E0304", "s.toml:2:14", "table"},
        Refusal{"layer = 3", "E0304", "s.toml:2:9", "[[layer]]"},
        Refusal{"[layer]\nname = \"fc\"", "E0304", "s.toml:2:1", "[[layer]]"},
        Refusal{"[[layer]]\nweight = \"fixed<8,2>\"", "E0304", "s.toml:2:1", "name"},
        Refusal{"[[layer]]\nname = \"a\"\n[[layer]]\nname = \"a\"", "E0307", "s.toml:4:1", "twice"},
        Refusal{"[[layer]]\nname = \"a\"\nwieght = \"fp16\"", "E0303", "s.toml:4:10", "weight"},
        Refusal{"[[layer]]\nname = \"a\"\norder = \"blocked<0>\"", "E0304", "s.toml:4:9", "blocked<k>"},
        Refusal{"[[layer]]\nname = \"a\"\norder = \"blocked<99999999999999999999>\"", "E0304", "s.toml:4:9", "blocked<k>"},
        Refusal{"[[layer]]\nname = \"a\"\nweight = \"fixd<8,2>\"", "E0201", "s.toml:4:10", "fixed"},
        Refusal{"[[layer]]\nname = \"a\"\nweight = [\"fp16\"]", "E0304", "s.toml:4:10", "string"},
        Refusal{"[[phase]]\nepochs = [0, 4]", "E0303", "s.toml:2:1", "phase"}));

TEST(ScheduleSchema, MissingUnknownAndNewerAreRefused) {
  EXPECT_EQ(parse_schedule("", "s").error().code, "E0302");
  EXPECT_EQ(parse_schedule("schema = \"other/1\"", "s").error().code, "E0302");
  EXPECT_EQ(parse_schedule("schema = \"halfulp.schedule/x\"", "s").error().code, "E0302");
  EXPECT_EQ(parse_schedule("schema = 1", "s").error().code, "E0304");
  EXPECT_EQ(parse_schedule("schema = \"halfulp.schedule/2\"", "s").error().code, "E0308");
}

TEST(ScheduleSchema, DeepNestingAndBytesAreRefusedWithoutACrash) {
  EXPECT_FALSE(parse_schedule(kHead + "x = " + std::string(100000, '['), "s").has_value());
  EXPECT_FALSE(parse_schedule(std::string("\0\xff\xfe PK\x03\x04", 9), "s").has_value());
}

TEST(ScheduleSchema, EveryPrefixIsReadOrRefused) {
  const std::string text = write_schedule(testing_support::full_schedule());
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto read = parse_schedule(text.substr(0, length), "s");
    if (read) {
      EXPECT_TRUE(read->edited || read->layers.size() == 2) << length;
    } else {
      EXPECT_FALSE(read.error().place.empty());
    }
  }
}

TEST(ScheduleSchema, AMissingFileIsAnError) { EXPECT_EQ(read_schedule("/nonexistent/s.toml").error().code, "E0101"); }

}  // namespace
}  // namespace halfulp
