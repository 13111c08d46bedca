// Interpolation in tables, and what every shipped table promises.
#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/cost/cost.hpp"

namespace halfulp {
namespace {

OperationTable line(Interpolation interpolation, std::vector<double> grid, std::vector<double> values) {
  return {.operation = Operation::kFixedAdd, .component = "c", .axes = {Axis::kBits}, .grid = {std::move(grid)}, .values = std::move(values),
          .interpolation = interpolation};
}

double at(const OperationTable& table, double bits) { return table.look_up({.bits = bits}); }

TEST(Table, LinearBetweenAndBeyondGridPoints) {
  const auto table = line(Interpolation::kLinear, {2, 4, 8}, {10, 20, 60});
  EXPECT_EQ(at(table, 2), 10);
  EXPECT_EQ(at(table, 3), 15);
  EXPECT_EQ(at(table, 4), 20);
  EXPECT_EQ(at(table, 6), 40);
  EXPECT_EQ(at(table, 10), 80);
  EXPECT_EQ(at(table, 1), 5);
}

TEST(Table, NeverBelowZero) { EXPECT_EQ(at(line(Interpolation::kLinear, {4, 8}, {0, 10}), 2), 0); }

TEST(Table, PowerLawIsReproducedFromTwoPoints) {
  const auto table = line(Interpolation::kPower, {4, 16}, {3 * std::pow(4, 1.5), 3 * std::pow(16, 1.5)});
  for (const double x : {1.0, 2.0, 4.0, 9.0, 16.0, 50.0}) EXPECT_NEAR(at(table, x), 3 * std::pow(x, 1.5), 1e-9 * std::pow(x, 1.5)) << x;
}

TEST(Table, BilinearOnTwoAxes) {
  const OperationTable table{.operation = Operation::kFixedMultiply, .component = "c", .axes = {Axis::kLeftBits, Axis::kRightBits},
                             .grid = {{2, 6}, {1, 3, 7}}, .values = {1, 2, 3, 5, 8, 13}, .interpolation = Interpolation::kLinear};
  EXPECT_EQ(table.look_up({.left_bits = 2, .right_bits = 7}), 3);
  EXPECT_EQ(table.look_up({.left_bits = 6, .right_bits = 3}), 8);
  EXPECT_EQ(table.look_up({.left_bits = 4, .right_bits = 2}), (1.5 + 6.5) / 2);
}

TEST(Table, WithoutAxesIsAConstant) {
  const OperationTable table{.operation = Operation::kSelect, .component = "c", .axes = {}, .grid = {}, .values = {7}};
  EXPECT_EQ(table.look_up({.bits = 99}), 7);
}

Operands with(const std::vector<Axis>& axes, const std::vector<double>& values) {
  Operands operands;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    switch (axes[i]) {
      case Axis::kLeftBits: operands.left_bits = values[i]; break;
      case Axis::kRightBits: operands.right_bits = values[i]; break;
      case Axis::kBitsProduct: operands.left_bits = values[i]; operands.right_bits = 1; break;
      case Axis::kLeftPrecision: operands.left_precision = values[i]; break;
      case Axis::kRightPrecision: operands.right_precision = values[i]; break;
      case Axis::kPrecisionProduct: operands.left_precision = values[i]; operands.right_precision = 1; break;
      case Axis::kInBits: operands.in_bits = values[i]; break;
      case Axis::kOutBits: operands.out_bits = values[i]; break;
      case Axis::kBits: operands.bits = values[i]; break;
      case Axis::kPrecision: operands.precision = values[i]; break;
      case Axis::kExponentBits: operands.exponent_bits = values[i]; break;
      case Axis::kKilobytes: operands.kilobytes = values[i]; break;
    }
  }
  return operands;
}

template <typename Check>
void for_each_point(const OperationTable& table, const Check& check) {
  const std::size_t columns = table.axes.empty() ? 1 : table.grid.back().size();
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    std::vector<double> point;
    if (table.axes.size() == 2) point.push_back(table.grid[0][i / columns]);
    if (!table.axes.empty()) point.push_back(table.grid.back()[i % columns]);
    check(point, table.values[i]);
  }
}

class ShippedTarget : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedTarget, GridPointsAreExact) {
  const auto target = read_target(GetParam());
  ASSERT_TRUE(target) << target.error().message;
  for (const OperationTable& table : target->tables) {
    for_each_point(table, [&](const std::vector<double>& point, double value) {
      EXPECT_EQ(table.look_up(with(table.axes, point)), value) << table.component << " " << ::testing::PrintToString(point);
    });
  }
}

// Along each axis, through and beyond the grid, where the table's own entries do not decrease.
TEST_P(ShippedTarget, LookUpsKeepTheOrderOfTheTable) {
  const auto target = read_target(GetParam());
  ASSERT_TRUE(target) << target.error().message;
  for (const OperationTable& table : target->tables) {
    if (table.axes.size() != 1 || !std::is_sorted(table.values.begin(), table.values.end())) continue;
    double previous = 0;
    for (double x = table.grid[0].front() / 2; x < 2 * table.grid[0].back(); x *= 1.01) {
      const double here = table.look_up(with(table.axes, {x}));
      EXPECT_GE(here, previous) << table.component << " at " << x;
      previous = here;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllTargets, ShippedTarget, ::testing::ValuesIn(target_names().value()), [](const auto& test) {
  std::string name = test.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
});

}  // namespace
}  // namespace halfulp
