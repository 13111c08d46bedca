#include "halfulp/ingest/operators.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace halfulp {
namespace {

TEST(Operators, AreSortedAndSpeltOnce) {
  const auto rows = supported_operators();
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; }));
  std::set<std::string> spellings;
  for (const SupportedOperator& row : rows) {
    EXPECT_FALSE(row.spellings.empty()) << row.name;
    for (const std::string& spelling : row.spellings) EXPECT_TRUE(spellings.insert(spelling).second) << spelling;
  }
  for (const std::string& name : evaluated_operators()) EXPECT_TRUE(spellings.insert(name).second) << name;
}

}  // namespace
}  // namespace halfulp
