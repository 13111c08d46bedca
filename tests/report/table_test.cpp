#include "halfulp/report/table.hpp"

#include <gtest/gtest.h>

namespace halfulp {
namespace {

TEST(Table, AlignsByTheWidestCell) {
  Table table;
  table.column("layer").column("bits", Align::kRight).column("note");
  table.row({"conv1", "8", "ok"}).row({"fc", "1024"});
  EXPECT_EQ(table.render(),
            "  layer  bits  note\n"
            "  conv1     8  ok\n"
            "  fc     1024\n");
}

TEST(Table, CountsCodePointsNotBytes) {
  Table table;
  table.column("a").column("b");
  table.row({"\xc3\xa4\xc3\xb6", "x"}).row({"yyy", "x"});
  EXPECT_EQ(table.render(), "  a    b\n  \xc3\xa4\xc3\xb6   x\n  yyy  x\n");
}

}  // namespace
}  // namespace halfulp
