// docs/formats.md holds the tables that the command prints.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/command_line.hpp"

namespace halfulp {
namespace {

using testing_support::CommandLine;
using testing_support::environment;

TEST(FormatsPage, HoldsTheTablesOfTheCommand) {
  std::ostringstream page;
  page << std::ifstream(environment("HALFULP_SOURCE") + "/docs/formats.md").rdbuf();
  const auto run = CommandLine().run("halfulp formats --markdown", false);
  ASSERT_EQ(run.exit_code, 0);
  ASSERT_GT(run.out.size(), 2000u);
  EXPECT_NE(page.str().find(run.out), std::string::npos) << "put what `halfulp formats --markdown` prints into docs/formats.md";
}

}  // namespace
}  // namespace halfulp
