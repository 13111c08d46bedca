#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "halfulp/support/text.hpp"
#include "schedule/example.hpp"

namespace halfulp {
namespace {

using testing_support::full_schedule;

TEST(ScheduleRoundTrip, EveryFieldComesBack) {
  const Schedule written = full_schedule();
  const auto read = parse_schedule(write_schedule(written), "s.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message << " " << read.error().place;
  EXPECT_FALSE(read->edited);
  EXPECT_EQ(read->provenance.command, written.provenance.command);
  EXPECT_EQ(read->provenance.seed, written.provenance.seed);
  EXPECT_EQ(read->provenance.model_file, written.provenance.model_file);
  EXPECT_EQ(read->provenance.rules_sha256, "51aa");
  EXPECT_EQ(read->requirement.max_error, "1e-2");
  EXPECT_EQ(read->requirement.certify_share, 0.95);
  EXPECT_EQ(read->requirement.max_accuracy_drop, 0.1);
  EXPECT_EQ(read->requirement.output_errors, written.requirement.output_errors);
  EXPECT_EQ(read->requirement.max_relative_error, "0.1");
  EXPECT_TRUE(read->requirement.no_overflow);
  EXPECT_EQ(read->requirement.max_observed_error, "2e-3");
  EXPECT_EQ(read->requirement.mean_observed_error, "1e-3");
  EXPECT_EQ(read->requirement.input_set, "--input [0,1]");
  EXPECT_EQ(read->result.status, "proved");
  EXPECT_EQ(read->result.error_bound, "9.93e-3");
  EXPECT_EQ(read->result.argmax_share, 0.30000000000000004);
  EXPECT_EQ(read->result.relative_error, "0.0937");
  EXPECT_EQ(read->result.observed, written.result.observed);
  EXPECT_EQ(read->result.cost, written.result.cost);
  EXPECT_TRUE(diff(*read, written).empty());
  EXPECT_EQ(write_schedule(*read), write_schedule(written));
}

TEST(ScheduleRoundTrip, EmptyScheduleComesBack) {
  const auto read = parse_schedule(write_schedule(Schedule{}), "s.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_FALSE(read->edited);
  EXPECT_TRUE(read->layers.empty());
  EXPECT_FALSE(read->defaults.output.has_value());
}

TEST(ScheduleRoundTrip, BytesThatAreNoUtf8StillGiveReadableText) {
  Schedule schedule;
  schedule.provenance.command = "bad \xff\xc0\x80 end\xe2\x82";
  const auto read = parse_schedule(write_schedule(schedule), "s.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->provenance.command.find('\xff'), std::string::npos);
  EXPECT_TRUE(read->provenance.command.starts_with("bad "));
}

TEST(ScheduleEdits, AChangedFormatMakesTheClaimAssumed) {
  std::string text = write_schedule(full_schedule());
  const auto at = text.find("fixed<8,2>");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 10, "fixed<7,2>");
  const auto read = parse_schedule(text, "s.toml");
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->edited);
  EXPECT_EQ(read->result.status, "assumed");
}

TEST(ScheduleEdits, AChangedBoundMakesTheClaimAssumed) {
  std::string text = write_schedule(full_schedule());
  const auto at = text.find("9.93e-3");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 7, "9.93e-9");
  EXPECT_EQ(parse_schedule(text, "s.toml")->result.status, "assumed");
}

TEST(ScheduleEdits, CommentsAndBlanksDoNotCount) {
  const std::string text = "# mine\n\n" + write_schedule(full_schedule()) + "\n# end\n";
  const auto read = parse_schedule(text, "s.toml");
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->edited);
  EXPECT_EQ(read->result.status, "proved");
}

TEST(ScheduleEdits, WithoutHashTheClaimIsAssumed) {
  const auto read = parse_schedule("schema = \"halfulp.schedule/1\"\n[result]\nstatus = \"proved\"\n", "s.toml");
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->edited);
  EXPECT_EQ(read->result.status, "assumed");
}

TEST(ScheduleDiff, NamesRoleAndBothFormats) {
  const Schedule a = full_schedule();
  Schedule b = a;
  b.layers[1].formats.weight = *parse_format("fixed<7,2>");
  b.layers[1].formats.product.reset();
  b.layers[1].formats.order = {};
  EXPECT_EQ(diff(a, b), (std::vector<std::string>{"fc.weight fixed<8,2> -> fixed<7,2>", "fc.product fixed<20,6> -> exact",
                                                  "fc.order blocked<16> -> sequential"}));
}

TEST(ScheduleDiff, AMissingLayerHasTheDefaults) {
  const Schedule a = full_schedule();
  Schedule b = a;
  b.layers.pop_back();
  b.defaults = a.layers[1].formats;
  const auto lines = diff(a, b);
  for (const auto& line : lines) EXPECT_FALSE(line.starts_with("fc.")) << line;
  EXPECT_FALSE(lines.empty());
}

TEST(ScheduleFile, IsWrittenWholeOrNotAtAll) {
  const auto folder = std::filesystem::temp_directory_path() / "halfulp_schedule_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = folder / "s.toml";
  ASSERT_TRUE(write_schedule_file(full_schedule(), path).has_value());
  EXPECT_EQ(read_schedule(path)->result.status, "proved");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  const auto refused = write_schedule_file(full_schedule(), folder / "no" / "s.toml");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "E0103");
  EXPECT_FALSE(std::filesystem::exists(folder / "no"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace halfulp
