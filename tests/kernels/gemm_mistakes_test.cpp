// Mistakes that products of matrices have been seen to make, each a test named after what goes wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "halfulp/formats/round.hpp"
#include "halfulp/simulate/gemm.hpp"
#include "kernels/inputs.hpp"

namespace halfulp::test {
namespace {

std::vector<double> operand(std::size_t count, std::uint64_t stream) {
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = random_bits(5, stream, i) * 0x1p-31 - 1;
  round_to(format_of("e5m2"), x, x);
  return x;
}

// What a sum loses is kept for each result, not for all columns together.
TEST(KnownGemmMistakes, CompensationIsSharedByTheColumns) {
  constexpr std::size_t kRows = 3, kColumns = 19, kDepth = 301;
  const auto a = operand(kRows * kDepth, 1), b = operand(kDepth * kColumns, 2);
  const GemmOptions options{.accumulator = format_of("float<6,7>"), .compensated = true};
  std::vector<double> all(kRows * kColumns);
  gemm({kRows, kColumns, kDepth}, a, b, {}, all, options);
  for (std::size_t j = 0; j < kColumns; ++j) {
    std::vector<double> column(kDepth), alone(kRows);
    for (std::size_t k = 0; k < kDepth; ++k) column[k] = b[k * kColumns + j];
    gemm({kRows, 1, kDepth}, a, column, {}, alone, options);
    for (std::size_t i = 0; i < kRows; ++i) EXPECT_EQ(all[i * kColumns + j], alone[i]) << i << " " << j;
  }
}

// Sums of one, two and three products, rounded as written.
TEST(KnownGemmMistakes, ShortSumsMissATermOrARounding) {
  constexpr std::size_t kRows = 5, kColumns = 6;
  const Format accumulator = format_of("float<5,3>");
  for (std::size_t depth = 1; depth <= 3; ++depth) {
    const auto a = operand(kRows * depth, 3), b = operand(depth * kColumns, 4);
    std::vector<double> c(kRows * kColumns);
    gemm({kRows, kColumns, depth}, a, b, {}, c, {.accumulator = accumulator});
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t j = 0; j < kColumns; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < depth; ++k) sum = round_to(accumulator, sum + a[i * depth + k] * b[k * kColumns + j]);
        EXPECT_EQ(c[i * kColumns + j], sum) << depth;
      }
    }
  }
}

}  // namespace
}  // namespace halfulp::test
