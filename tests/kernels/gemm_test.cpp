// The fast paths of gemm against its general path, bit by bit.
#include "halfulp/simulate/gemm.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "halfulp/formats/round.hpp"
#include "kernels/inputs.hpp"

namespace halfulp::test {
namespace {

struct Case {
  const char *input, *product, *accumulator, *output;
};

std::optional<Format> optional_format(const char* spelling) {
  if (*spelling == 0) return std::nullopt;
  return format_of(spelling);
}

std::vector<double> operand(std::size_t count, const Format& format, std::uint64_t stream, double scale) {
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double uniform = random_bits(5, stream, i) * 0x1p-31 - 1;
    x[i] = scale * uniform * std::ldexp(1.0, -static_cast<int>(random_bits(6, stream, i) % 7));
  }
  round_to(format, x, x);
  return x;
}

void expect_same_bits(const std::vector<double>& got, const std::vector<double>& want, const std::string& what) {
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(got[i]), std::bit_cast<std::uint64_t>(want[i]))
        << what << ", element " << i << ": " << got[i] << ", not " << want[i];
  }
}

void compare(const Case& formats, const GemmShape& shape, SummationOrder order, double scale) {
  const Format input = format_of(formats.input);
  const auto a = operand(shape.rows * shape.depth, input, 1, scale), b = operand(shape.columns * shape.depth, input, 2, scale);
  const auto bias = operand(shape.columns, format_of("fixed<8,4>"), 3, 4);
  GemmOptions options{.product = optional_format(formats.product), .accumulator = optional_format(formats.accumulator),
                      .output = optional_format(formats.output), .order = order, .seed = 3, .stream = 1 << 24};
  std::vector<double> fast(shape.rows * shape.columns), general = fast;
  gemm(shape, a, b, bias, fast, options);
  options.force_general_path = true;
  gemm(shape, a, b, bias, general, options);
  expect_same_bits(fast, general, std::string(formats.input) + " " + formats.product + " " + formats.accumulator);
}

const std::vector<Case> kCases = {
    {"float<6,9>", "float<6,9>", "float<6,9>", ""}, {"e4m3", "", "fp16", "e4m3"},        {"e5m2", "", "float<6,9>", ""},
    {"e5m2", "fp16", "fp16", "e5m2"},               {"e4m3", "bf16", "bf16", ""},        {"e2m1", "e4m3", "e5m2", ""},
    {"fixed<16,8>", "", "fixed<16,8>", ""},         {"fixed<8,4>", "", "fixed<12,6>", "fixed<8,4>"},
    {"fixed<8,4>", "fixed<12,6>", "fixed<14,8>:saturate-symmetric", ""},                 {"fixed<8,4>", "", "fixed<40,20>", "e4m3"},
    {"e4m3", "", "fixed<20,9>", ""},                {"float<6,9>", "", "float<6,9>", ""}, {"fp16", "", "fp32", ""},
    {"e4m3", "e4m3:stochastic", "fp16:stochastic<9>", "fixed<8,4>:stochastic"},           {"e5m2", "", "", "fp16"},
    {"e4m3", "", "e4m3", ""},                       {"fixed<8,4>", "", "fixed<10,4>:wrap", ""},
    {"e4m3", "", "fp16:odd", "e5m2"},               {"fixed<8,4>", "ufixed<10,5>", "fixed<12,7>", ""},
    {"float<8,7>", "", "", ""},                     {"e5m2", "fixed<10,5>", "fp16", ""}};

TEST(Gemm, FastPathsEqualTheGeneralPath) {
  for (const Case& formats : kCases) {
    for (const double scale : {0.4, 3.0, 60.0}) compare(formats, {13, 37, 24}, {}, scale);
    compare(formats, {6, 33, 29}, {SummationOrder::Kind::kBlocked, 8}, 2.0);
    compare(formats, {3, 5, 11}, {SummationOrder::Kind::kTree, 0}, 2.0);
    compare(formats, {1, 1, 1}, {}, 1.0);
  }
}

// Long sums grow until some tiles cannot exclude an overflow and some lanes saturate.
TEST(Gemm, OverflowIsDecidedElementByElement) {
  for (const Case& formats : {Case{"e4m3", "", "e4m3", ""}, Case{"e5m2", "fp16", "fp16:infinity", ""}, Case{"fixed<8,4>", "", "fixed<9,5>", ""}}) {
    for (const double scale : {4.0, 30.0, 400.0}) compare(formats, {7, 40, 64}, {}, scale);
  }
}

TEST(Gemm, TransposedOperandsServeBothBackwardProducts) {
  constexpr std::size_t kM = 5, kN = 7, kK = 9;
  const Format format = format_of("e4m3");
  const auto a = operand(kM * kK, format, 1, 2), b = operand(kK * kN, format, 2, 2);
  std::vector<double> at(a.size()), bt(b.size()), plain(kM * kN), turned(kM * kN);
  for (std::size_t i = 0; i < kM; ++i) {
    for (std::size_t k = 0; k < kK; ++k) at[k * kM + i] = a[i * kK + k];
  }
  for (std::size_t k = 0; k < kK; ++k) {
    for (std::size_t j = 0; j < kN; ++j) bt[j * kK + k] = b[k * kN + j];
  }
  const GemmOptions options{.accumulator = format_of("fp16")};
  gemm({kM, kN, kK}, a, b, {}, plain, options);
  gemm({kM, kN, kK}, at, bt, {}, turned, {.accumulator = format_of("fp16"), .transpose_a = true, .transpose_b = true});
  expect_same_bits(turned, plain, "transposed");
  double first = 0;
  for (std::size_t k = 0; k < kK; ++k) first = round_to(*options.accumulator, first + a[k] * b[k * kN]);
  EXPECT_EQ(plain[0], first);
}

// dX = dY W^T and dW = X^T dY of Y = X W, as calls with one operand transposed: element by element the dot products of the definition.
TEST(Gemm, BackwardProductsOfALinearLayer) {
  constexpr std::size_t kBatch = 6, kIn = 11, kOut = 19;
  for (const char* spelling : {"fp16", "float<6,9>", "fp16:up", "fp16:stochastic<11>", "fixed<16,8>", "posit<16,1>"}) {
    const Format operands = format_of("e5m2"), sums = format_of(spelling);
    const auto x = operand(kBatch * kIn, operands, 1, 1), w = operand(kIn * kOut, operands, 2, 1), dy = operand(kBatch * kOut, operands, 3, 1);
    const GemmOptions options{.accumulator = sums, .seed = 4, .stream = 16};
    GemmOptions right = options, left = options;
    right.transpose_b = true;
    left.transpose_a = true;
    std::vector<double> dx(kBatch * kIn), dw(kIn * kOut);
    gemm({kBatch, kIn, kOut}, dy, w, {}, dx, right);
    gemm({kIn, kOut, kBatch}, x, dy, {}, dw, left);
    const auto dot = [&](std::size_t element, std::size_t depth, const auto& term) {
      double sum = 0;
      for (std::size_t k = 0; k < depth; ++k) sum = round_to(sums, sum + term(k), random_bits(4, 16 + 4, 2 * element * depth + k));
      return sum;
    };
    for (std::size_t n = 0; n < kBatch; ++n) {
      for (std::size_t i = 0; i < kIn; ++i) {
        EXPECT_EQ(dx[n * kIn + i], dot(n * kIn + i, kOut, [&](std::size_t k) { return dy[n * kOut + k] * w[i * kOut + k]; })) << spelling;
      }
    }
    for (std::size_t i = 0; i < kIn; ++i) {
      for (std::size_t j = 0; j < kOut; ++j) {
        EXPECT_EQ(dw[i * kOut + j], dot(i * kOut + j, kBatch, [&](std::size_t k) { return x[k * kIn + i] * dy[k * kOut + j]; })) << spelling;
      }
    }
  }
}

// 1 + 1000 terms of 2^-9 in a format whose ulp at 1 is 2^-8: plain sums lose every term, compensated ones none for long.
TEST(Gemm, CompensationKeepsWhatPlainSumsLose) {
  std::vector<double> a(1001, 0x1p-9), b(1001, 1.0), c(1);
  a[0] = 1;
  GemmOptions options{.accumulator = format_of("float<8,8>")};
  gemm({1, 1, 1001}, a, b, {}, c, options);
  EXPECT_EQ(c[0], 1);
  options.compensated = true;
  gemm({1, 1, 1001}, a, b, {}, c, options);
  EXPECT_NEAR(c[0], 1 + 1000 * 0x1p-9, 0x1p-7);
}

// Kulisch: one rounding of the exact sum, whatever cancels before.
TEST(Gemm, ExactSumsRoundOnce) {
  const std::vector<double> a = {1e300, 1.0, -1e300}, b = {1e5, 0x1p-30, 1e5};
  std::vector<double> c(1);
  gemm({1, 1, 3}, a, b, {}, c, {.output = format_of("fp32")});
  EXPECT_EQ(c[0], 0x1p-30);
  gemm({1, 1, 3}, a, b, {}, c);
  EXPECT_EQ(c[0], 0x1p-30);
}

}  // namespace
}  // namespace halfulp::test
