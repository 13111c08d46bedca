// Panels of gemm (every mode, order and family side by side) against its general path, bit by bit, on random formats and shapes.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "halfulp/formats/instruction_set.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/simulate/gemm.hpp"
#include "kernels/inputs.hpp"

namespace halfulp::test {
namespace {

class Choice {
 public:
  explicit Choice(std::uint64_t stream) : stream_(stream) {}
  std::size_t below(std::size_t n) { return random_bits(17, stream_, index_++) % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <std::size_t N>
  std::string of(const char* const (&list)[N]) { return list[below(N)]; }
  double value() { return (random_bits(17, stream_, index_++) * 0x1p-31 - 1) * std::ldexp(1.0, -static_cast<int>(below(9))); }

 private:
  std::uint64_t stream_, index_ = 0;
};

constexpr const char* kInputs[] = {"e4m3", "e5m2", "float<6,9>", "fp16", "fixed<8,4>", "posit<8,1>", "posit<16,1>", "bf16", "takum<12>", "fp32"};
constexpr const char* kSums[] = {"fp16", "float<6,9>", "e5m2", "e4m3", "bf16", "float<5,4>", "fixed<16,8>", "fixed<12,6>", "fixed<40,20>",
                                 "posit<16,1>", "posit<8,1>", "posit<8,0>", "posit<32,2>", "takum<16>", "fp32", "float<8,40>", "lns<12,6>", "ufixed<12,6>"};
constexpr const char* kModes[] = {"", "", ":up", ":down", ":toward-zero", ":odd", ":nearest-away", ":nearest-zero", ":stochastic", ":stochastic<5>"};
constexpr const char* kFixedOverflows[] = {"", ":wrap", ":saturate-symmetric", ":error"};
constexpr const char* kFloatOverflows[] = {"", "", ":infinity", ":flush"};

std::optional<Format> any_format(Choice& choice) {
  const std::string base = choice.of(kSums);
  std::string spelling = base + choice.of(kModes);
  if (choice.one_in(3)) spelling += base.find("fixed") != std::string::npos ? choice.of(kFixedOverflows) : choice.of(kFloatOverflows);
  const auto format = parse_format(spelling);
  return format ? std::optional(*format) : parse_format(base).value();
}

SummationOrder any_order(Choice& choice) {
  switch (choice.below(3)) {
    case 0: return {SummationOrder::Kind::kTree, 0};
    case 1: return {SummationOrder::Kind::kBlocked, static_cast<std::int64_t>(1 + choice.below(9))};
    default: return {};
  }
}

std::vector<double> operand(Choice& choice, std::size_t count, const Format& format, double scale) {
  std::vector<double> x(count);
  for (double& value : x) value = choice.one_in(12) ? 0.0 : scale * choice.value();
  round_to(format, x, x);
  return x;
}

std::string describe(const GemmShape& shape, const Format& input, const GemmOptions& options) {
  return input.name + " product " + (options.product ? options.product->name : "-") + " sum " +
         (options.accumulator ? options.accumulator->name : "-") + " order " + std::to_string(static_cast<int>(options.order.kind)) + " kahan " + std::to_string(options.compensated) + " " +
         std::to_string(shape.rows) + "x" + std::to_string(shape.columns) + "x" + std::to_string(shape.depth);
}

void compare_once(std::uint64_t number) {
  Choice choice(number);
  const Format input = format_of(choice.of(kInputs));
  GemmOptions options{.accumulator = any_format(choice), .order = any_order(choice), .seed = number, .stream = 8 * choice.below(5)};
  if (choice.one_in(2)) options.product = any_format(choice);
  if (choice.one_in(6)) options.accumulator.reset();
  if (!options.accumulator || choice.one_in(4)) options.output = any_format(choice);
  if (!options.accumulator && choice.one_in(4)) options.output.reset();
  options.compensated = options.accumulator && options.order.kind == SummationOrder::Kind::kSequential && choice.one_in(3);
  options.transpose_a = choice.one_in(2);
  options.transpose_b = choice.one_in(2);
  const GemmShape shape{1 + choice.below(12), 1 + choice.below(40), choice.below(24)};
  const double scale = std::ldexp(1.0, static_cast<int>(choice.below(9)) - 2);
  const auto a = operand(choice, shape.rows * shape.depth, input, scale), b = operand(choice, shape.depth * shape.columns, input, scale);
  const auto bias = operand(choice, shape.columns, input, 1);
  std::vector<double> fast(shape.rows * shape.columns), general = fast;
  gemm(shape, a, b, bias, fast, options);
  options.force_general_path = true;
  gemm(shape, a, b, bias, general, options);
  for (std::size_t i = 0; i < fast.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(fast[i]), std::bit_cast<std::uint64_t>(general[i]))
        << number << ": " << describe(shape, input, options) << ", element " << i << ": " << fast[i] << ", not " << general[i];
  }
}

void compare_many(std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t number = first; number < first + count; ++number) {
    compare_once(number);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(GemmPanels, EqualTheGeneralPathOnRandomFormatsShapesAndOrders) { compare_many(0, 1500); }

TEST(GemmPanels, EqualTheGeneralPathWithEveryInstructionSet) {
  std::uint64_t first = 10000;
  for (const std::string& name : instruction_sets()) {
    ASSERT_TRUE(use_instruction_set(name));
    compare_many(first, 400);
    first += 400;
  }
  use_instruction_set("");
}

}  // namespace
}  // namespace halfulp::test
