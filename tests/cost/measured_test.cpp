// The measured tables: what the file says of formats outside its grids is what look-ups give.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <toml++/toml.h>

#include "halfulp/cost/cost.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

double number(const toml::table& row, const char* key) { return row[key].value_or(0.0); }

Operands operands_of(const toml::table& row) {
  return {.left_bits = number(row, "left_bits"),
          .right_bits = number(row, "right_bits"),
          .left_precision = number(row, "left_precision"),
          .right_precision = number(row, "right_precision"),
          .in_bits = number(row, "in_bits"),
          .out_bits = number(row, "out_bits"),
          .bits = number(row, "bits"),
          .precision = number(row, "precision"),
          .exponent_bits = number(row, "exponent_bits")};
}

double luts(const Target& target, Operation operation, const Operands& operands) {
  double sum = 0;
  for (const OperationTable& table : target.tables) {
    if (table.operation == operation && table.component == "luts") sum += table.look_up(operands);
  }
  return sum;
}

class MeasuredTarget : public ::testing::Test {
 protected:
  const toml::table file_ = toml::parse_file(rules_folder() + "/targets/xc7.toml");
  const Target target_ = read_target("xc7").value();
};

TEST_F(MeasuredTarget, HeldOutPointsAreLookedUpAsPrinted) {
  const toml::array* rows = file_["measurement"]["held_out"].as_array();
  ASSERT_NE(rows, nullptr);
  EXPECT_GE(rows->size(), 50U);
  double worst = 0, sum = 0;
  for (const toml::node& node : *rows) {
    const toml::table& row = *node.as_table();
    const auto operation = operation_of(row["operation"].value_or(std::string()));
    ASSERT_TRUE(operation);
    const double found = luts(target_, *operation, operands_of(row)), measured = number(row, "measured");
    EXPECT_NEAR(found, number(row, "looked_up"), 1e-5 * found) << row["operation"];
    worst = std::max(worst, std::abs(found / measured - 1));
    sum += std::abs(found / measured - 1);
  }
  EXPECT_NEAR(worst, number(*file_["measurement"].as_table(), "held_out_max_error"), 1e-4);
  EXPECT_NEAR(sum / static_cast<double>(rows->size()), number(*file_["measurement"].as_table(), "held_out_mean_error"), 1e-4);
}

// Held-out points are in no grid of their operation.
TEST_F(MeasuredTarget, HeldOutPointsAreOutsideTheGrids) {
  for (const toml::node& node : *file_["measurement"]["held_out"].as_array()) {
    const Operands operands = operands_of(*node.as_table());
    const auto operation = operation_of((*node.as_table())["operation"].value_or(std::string()));
    for (const OperationTable& table : target_.tables) {
      if (table.operation != operation || table.component != "luts") continue;
      bool on_grid = true;
      for (std::size_t i = 0; i < table.axes.size(); ++i) {
        const double x = value_of(table.axes[i], operands);
        on_grid = on_grid && std::find(table.grid[i].begin(), table.grid[i].end(), x) != table.grid[i].end();
      }
      EXPECT_FALSE(on_grid) << (*node.as_table());
    }
  }
}

TEST_F(MeasuredTarget, KnownShapesOfOperators) {
  // Row multipliers take a LUT for each pair of bits, adders one a bit.
  EXPECT_EQ(luts(target_, Operation::kFixedMultiply, {.left_bits = 8, .right_bits = 8}), 64);
  EXPECT_NEAR(luts(target_, Operation::kFixedMultiply, {.left_bits = 10, .right_bits = 14}), 140, 1e-9);
  EXPECT_NEAR(luts(target_, Operation::kFixedAdd, {.bits = 24}), 24, 1e-9);
  // A float adder is dearer than a fixed one of the same storage, a float multiplier of 8 bits dearer than its significands' product.
  EXPECT_GT(luts(target_, Operation::kFloatAdd, {.precision = 4, .exponent_bits = 4}), 3 * 8);
  EXPECT_GT(luts(target_, Operation::kFloatMultiply, {.precision = 4, .exponent_bits = 4}), 16);
}

}  // namespace
}  // namespace halfulp
