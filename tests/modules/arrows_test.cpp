// Each module includes headers of modules above it only, and public headers name no third-party header but tl::expected's
// (docs/design.md, "Modules").
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 15> kModules = {"support",  "parallel", "formats", "enclosure", "graph", "schedule", "operators", "certificate", "simulate",
                                                  "analysis", "cost",    "tuning",    "emit",  "report",   "ingest"};

struct Include {
  std::string file, target;
};

fs::path root() {
  const char* given = std::getenv("HALFULP_SOURCE");
  return given != nullptr ? given : "";
}

std::vector<Include> includes_below(const fs::path& folder, const std::regex& pattern) {
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      std::smatch match;
      if (std::regex_search(line, match, pattern)) found.push_back({entry.path().string(), match[1]});
    }
  }
  return found;
}

std::size_t rank(const std::string& module) {
  return static_cast<std::size_t>(std::find(kModules.begin(), kModules.end(), module) - kModules.begin());
}

TEST(Modules, UseOnlyModulesAboveThem) {
  const std::regex ours("^#include \"halfulp/([a-z]+)/");
  std::size_t seen = 0;
  for (const std::string module : kModules) {
    for (const fs::path& folder : {root() / "lib" / module, root() / "include/halfulp" / module}) {
      ASSERT_TRUE(fs::is_directory(folder)) << folder;
      for (const auto& include : includes_below(folder, ours)) {
        ++seen;
        EXPECT_LE(rank(include.target), rank(module)) << include.file << " includes a header of " << include.target;
      }
    }
  }
  EXPECT_GT(seen, 50u) << "the pattern finds no includes any more";
}

TEST(Modules, PublicHeadersNameNoThirdPartyHeader) {
  const std::regex in_angles("^#include <([^>]+)>");
  const std::regex standard("[a-z0-9_]+");
  std::size_t seen = 0;
  for (const auto& include : includes_below(root() / "include/halfulp", in_angles)) {
    ++seen;
    EXPECT_TRUE(std::regex_match(include.target, standard) || include.target == "tl/expected.hpp")
        << include.file << " includes " << include.target;
  }
  EXPECT_GT(seen, 20u) << "the pattern finds no includes any more";
}

TEST(Modules, NeitherModulesNorTheCommandIncludeTorch) {
  for (const char* folder : {"lib", "include", "apps/halfulp"}) {
    for (const auto& include : includes_below(root() / folder, std::regex("^#include <(torch|ATen|c10)/"))) ADD_FAILURE() << include.file;
  }
}

}  // namespace
