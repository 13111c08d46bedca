// The kernels under gemm against their definitions, with every instruction set.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "halfulp/formats/instruction_set.hpp"
#include "halfulp/formats/round.hpp"
#include "kernels/gemm_affine.hpp"
#include "kernels/gemm_examine.hpp"
#include "kernels/gemm_panel.hpp"

namespace halfulp::test {
namespace {

using namespace kernels;

template <typename Check>
void with_every_instruction_set(const Check& check) {
  for (const std::string& name : instruction_sets()) {
    ASSERT_TRUE(use_instruction_set(name));
    SCOPED_TRACE(name);
    check();
  }
  use_instruction_set("");
}

// Numbers with few and with all significant bits, of near and far magnitudes, and zeros.
double number(std::uint64_t index) {
  const std::uint64_t bits = std::uint64_t{random_bits(3, 1, 4 * index)} << 32 | random_bits(3, 1, 4 * index + 1);
  const std::uint32_t choice = random_bits(3, 1, 4 * index + 2);
  if (choice % 11 == 0) return 0;
  const int kept = choice % 3 == 0 ? 53 : 1 + static_cast<int>(choice / 16 % 30);
  const double significand = std::trunc(std::ldexp(1.0 + static_cast<double>(bits >> 12) * 0x1p-52, kept - 1));
  const int exponent = static_cast<int>(random_bits(3, 1, 4 * index + 3) % 120) - 60;
  return std::ldexp((bits & 1) != 0 ? -significand : significand, exponent);
}

std::vector<double> numbers(std::size_t count, std::uint64_t first) {
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = number(first + i);
  return x;
}

double odd(const LongAccumulator& sum) {
  static const Format kOdd = parse_format("fp64:odd").value();
  return round_exact(kOdd, sum).part[0];
}

void expect_odd(double got, double factor, double y, double offset) {
  LongAccumulator exact;
  exact.clear();
  exact.add_product(factor, y);
  exact.add(offset);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(got), std::bit_cast<std::uint64_t>(odd(exact))) << factor << " * " << y << " + " << offset;
}

TEST(GemmKernels, AffineFunctionsAreRoundedToOdd) {
  with_every_instruction_set([] {
    for (std::uint64_t n = 0; n < 600; ++n) {
      const auto y = numbers(21, 100 * n);
      const double factor = number(100 * n + 50), offset = n % 3 == 0 ? -factor * y[0] : number(100 * n + 51);
      std::vector<double> out(y.size());
      affine_to_odd(factor, y.data(), offset, out.data(), y.size());
      for (std::size_t i = 0; i < y.size(); ++i) expect_odd(out[i], factor, y[i], offset);
    }
  });
}

TEST(GemmKernels, PanelSumsAreRoundedToOdd) {
  with_every_instruction_set([] {
    for (std::uint64_t n = 0; n < 300; ++n) {
      const auto x = numbers(2 * kPanelGroup, 1000 + 100 * n), y = numbers(kPanelGroup, 1050 + 100 * n);
      const double factor[] = {std::ldexp(1.0, static_cast<int>(n % 40) - 20), -1};
      std::vector<double> out(x.size());
      panel_step(nullptr, false, {.x = x.data(), .factor = factor, .factor_pitch = 1, .y = y.data(), .out = out.data(), .rows = 2, .count = kPanelGroup});
      for (std::size_t i = 0; i < out.size(); ++i) expect_odd(out[i], factor[i / kPanelGroup], y[i % kPanelGroup], x[i]);
    }
  });
}

TEST(GemmKernels, ExaminationFindsPlacesAndMagnitudes) {
  with_every_instruction_set([] {
    for (std::uint64_t n = 0; n < 300; ++n) {
      const auto x = numbers(1 + n % 19, 70000 + 40 * n);
      Examined want;
      want.least = want.last_place = HUGE_VAL;
      for (const double value : x) {
        if (value == 0) continue;
        double last = std::ldexp(1.0, std::ilogb(value) - 52);
        while (std::fmod(value, 2 * last) == 0) last *= 2;
        want.least = std::min(want.least, std::fabs(value));
        want.greatest = std::max(want.greatest, std::fabs(value));
        want.last_place = std::min(want.last_place, last);
        want.bits = std::max(want.bits, std::ilogb(value) - std::ilogb(last) + 1);
      }
      if (want.greatest == 0) want = {};
      const Examined got = examine_doubles(x.data(), x.size());
      EXPECT_EQ(got.least, want.least);
      EXPECT_EQ(got.greatest, want.greatest);
      EXPECT_EQ(got.last_place, want.last_place);
      EXPECT_EQ(got.bits, want.bits);
      EXPECT_TRUE(got.is_finite);
    }
    const double infinite[] = {1, HUGE_VAL, 2};
    EXPECT_FALSE(examine_doubles(infinite, 3).is_finite);
  });
}

TEST(GemmKernels, StridedDrawsAreTheWordsOfTheStream) {
  with_every_instruction_set([] {
    constexpr std::size_t kCount = 2 * kPanelGroup, kPitch = kCount + 3;
    for (const std::uint64_t stride : {4u, 12u, 512u, 20u}) {
      std::vector<std::uint32_t> words(4 * kPitch);
      fill_strided_draws({.seed = 7, .stream = 24, .first = 1048, .stride = stride, .count = kCount, .pitch = kPitch, .out = words.data()});
      for (std::size_t t = 0; t < 4; ++t) {
        for (std::size_t j = 0; j < kCount; ++j) EXPECT_EQ(words[t * kPitch + j], random_bits(7, 24, 1048 + j * stride + t));
      }
    }
  });
}

}  // namespace
}  // namespace halfulp::test
