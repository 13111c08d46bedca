// Random damage to a good file: every answer is a graph or a diagnostic, never a crash of this process.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <random>

#include "archive.hpp"
#include "halfulp/ingest/ingest.hpp"
#include "halfulp/support/text.hpp"
#include "ingest/manifest.hpp"
#include "pickle.hpp"
#include "reply.hpp"

namespace halfulp {
namespace {

std::string good_model() {
  const auto bytes = read_file(test::environment("HALFULP_INGEST_MODELS") + "/good.pt");
  return bytes ? *bytes : std::string();
}

TEST(Damage, TheArchiveScanSurvivesAnything) {
  const std::string good = good_model();
  ASSERT_TRUE(check_archive(good));
  std::mt19937_64 random(3);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = good;
    for (int hits = 1 + static_cast<int>(random() % 8); hits > 0; --hits) {
      // The directory at the end is what misleads a reader most.
      const std::size_t reach = round % 2 == 0 ? damaged.size() : std::min<std::size_t>(damaged.size(), 900);
      damaged[damaged.size() - 1 - random() % reach] = static_cast<char>(random());
    }
    refused += !check_archive(damaged);
  }
  EXPECT_GT(refused, 10'000);
}

TEST(Damage, ThePickleScanSurvivesAnything) {
  std::mt19937_64 random(4);
  const auto one_record = [](const std::string&) { return std::optional<std::uint64_t>(64); };
  const std::string opcodes = "(}]).t\x85\x86\x87uesabRQqhrjcXKMJGN\x88\x89\x80\x8a\x81";
  for (int round = 0; round < 200'000; ++round) {
    std::string bytes = "\x80\x02";
    for (int i = 0; i < 40; ++i) bytes += random() % 3 == 0 ? static_cast<char>(random() % 4) : opcodes[random() % opcodes.size()];
    check_pickle(bytes, "random", one_record);
  }
}

TEST(Damage, TheReplyIsUntrustedToo) {
  const std::string refusal = encode_reply(fail("E0120", "a message", "place", {"help"}));
  ASSERT_EQ(decode_reply(refusal).error().message, "a message");
  EXPECT_EQ(decode_reply(refusal).error().helps, std::vector<std::string>{"help"});
  for (std::size_t size = 0; size < refusal.size(); ++size) {
    EXPECT_EQ(decode_reply(std::string_view(refusal).substr(0, size)).error().code, "E0118");
  }
  EXPECT_FALSE(decode_reply("Gxxxxxxxxxxxxxxxxxxx"));
}

TEST(Damage, WholeFilesGiveAGraphOrADiagnostic) {
  const std::string good = good_model();
  const std::string path = testing::TempDir() + "halfulp_damaged_" + std::to_string(getpid()) + ".pt";
  std::mt19937_64 random(5);
  for (int round = 0; round < 12; ++round) {
    std::string damaged = good;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    ASSERT_TRUE(write_file_atomic(path, damaged));
    const auto graph = ingest({.path = path, .input_shapes = {{1, 4}}});
    if (graph) continue;
    EXPECT_NE(graph.error().code, "");
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace halfulp
