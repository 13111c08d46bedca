// Every float32 of all 2^32, kernel against scalar path.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "halfulp/formats/group.hpp"
#include "halfulp/formats/quantize.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp {
namespace {

class AllFloats : public ::testing::TestWithParam<const char*> {};

TEST_P(AllFloats, KernelEqualsScalarPath) {
  const auto format = parse_format(GetParam());
  ASSERT_TRUE(format.has_value());
  constexpr std::size_t kBatch = std::size_t{1} << 20;
  std::vector<float> in(kBatch), out(kBatch);
  std::vector<double> wide(kBatch);
  std::uint64_t wrong = 0;
  for (std::uint64_t first = 0; first < std::uint64_t{1} << 32; first += kBatch) {
    for (std::size_t i = 0; i < kBatch; ++i) in[i] = std::bit_cast<float>(static_cast<std::uint32_t>(first + i));
    quantize(*format, std::span<const float>(in), std::span<float>(out));
    std::copy(in.begin(), in.end(), wide.begin());
    round_to(*format, wide, wide);
    for (std::size_t i = 0; i < kBatch; ++i) {
      const auto want = static_cast<float>(wide[i]);
      if (std::bit_cast<std::uint32_t>(out[i]) == std::bit_cast<std::uint32_t>(want) || (std::isnan(want) && std::isnan(out[i]))) continue;
      if (++wrong < 10) ADD_FAILURE() << in[i] << " gives " << out[i] << ", not " << want;
    }
  }
  EXPECT_EQ(wrong, 0u);
}

// Consecutive float32 numbers share blocks, so that each is the largest of a block, or near it.
TEST(AllFloatsInBlocks, KernelEqualsScalarPath) {
  const auto format = parse_format("mx<e4m3,32>");
  ASSERT_TRUE(format.has_value());
  constexpr std::size_t kBatch = std::size_t{1} << 20;
  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(kBatch)};
  std::vector<float> in(kBatch), out(kBatch);
  std::vector<double> wide(kBatch);
  std::uint64_t wrong = 0;
  for (std::uint64_t first = 0; first < std::uint64_t{1} << 32; first += kBatch) {
    for (std::size_t i = 0; i < kBatch; ++i) in[i] = std::bit_cast<float>(static_cast<std::uint32_t>(first + i));
    quantize_tensor(*format, std::span<const float>(in), std::span<float>(out), shape, 0);
    for (std::size_t i = 0; i < kBatch; i += 32) {
      std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(i), 32, wide.begin());
      round_group(*format, std::span<const double>(wide).first(32), std::span<double>(wide).first(32));
      for (std::size_t k = 0; k < 32; ++k) {
        const auto want = static_cast<float>(wide[k]);
        if (std::bit_cast<std::uint32_t>(out[i + k]) == std::bit_cast<std::uint32_t>(want) || (std::isnan(want) && std::isnan(out[i + k]))) continue;
        if (++wrong < 10) ADD_FAILURE() << in[i + k] << " gives " << out[i + k] << ", not " << want;
      }
    }
  }
  EXPECT_EQ(wrong, 0u);
}

INSTANTIATE_TEST_SUITE_P(Formats, AllFloats, ::testing::Values("e5m2", "e4m3", "bf16", "fp16", "fixed<8,4>", "posit<8,1>", "posit<16,1>", "takum<8>", "e8m0"),
                         [](const auto& parameter) {
                           std::string name;
                           for (const char c : std::string(parameter.param)) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
                           return name;
                         });

}  // namespace
}  // namespace halfulp
