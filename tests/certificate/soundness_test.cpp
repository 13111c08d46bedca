// docs/soundness.md lists what must be trusted, with sizes: they are true, complete, and small.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace {

namespace fs = std::filesystem;

fs::path root() {
  const char* given = std::getenv("HALFULP_SOURCE");
  return given != nullptr ? given : "";
}

long lines_of(const fs::path& path) {
  std::ifstream file(path);
  long count = 0;
  for (std::string line; std::getline(file, line);) ++count;
  return count;
}

struct Listing {
  std::map<std::string, long> files;
  long together = 0;
};

Listing listed() {
  Listing listing;
  std::ifstream page(root() / "docs/soundness.md");
  const std::regex row(R"(\| [^|]+ \| ([a-z]+/[^ |]+) \| (\d+) \|)"), total(R"(\| \*\*together\*\* \| \| (\d+) \|)");
  for (std::string line; std::getline(page, line);) {
    std::smatch match;
    if (std::regex_match(line, match, row)) listing.files[match[1]] = std::stol(match[2]);
    if (std::regex_match(line, match, total)) listing.together = std::stol(match[1]);
  }
  return listing;
}

TEST(Soundness, ListedSizesAreTrue) {
  const Listing listing = listed();
  ASSERT_GT(listing.files.size(), 10u);
  long sum = 0;
  for (const auto& [file, lines] : listing.files) {
    ASSERT_TRUE(fs::exists(root() / file)) << file;
    EXPECT_EQ(lines_of(root() / file), lines) << file;
    sum += lines;
  }
  EXPECT_EQ(sum, listing.together);
  EXPECT_LT(sum, 2500) << "an hour is for reading about 2,500 lines";
}

TEST(Soundness, EverySourceOfTheReplayIsListed) {
  const Listing listing = listed();
  for (const auto& entry : fs::directory_iterator(root() / "lib/certificate")) {
    if (entry.path().extension() != ".cpp") continue;
    EXPECT_TRUE(listing.files.contains("lib/certificate/" + entry.path().filename().string())) << entry.path();
  }
}

// The replay is independent of the analysis: it includes nothing of it.
TEST(Soundness, TheReplayUsesNothingOfTheAnalysis) {
  const std::regex allowed(R"(^#include "(halfulp/(certificate|enclosure|formats|graph|operators|schedule|support)/[a-z_]+\.hpp|[a-z_]+\.hpp)\")");
  for (const auto& entry : fs::directory_iterator(root() / "lib/certificate")) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.rfind("#include \"", 0) != 0) continue;
      EXPECT_TRUE(std::regex_search(line, allowed)) << entry.path() << ": " << line;
    }
  }
}

}  // namespace
