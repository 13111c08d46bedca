#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <bit>
#include <vector>

#include "halfulp/formats/round.hpp"
#include "kernels/ars.hpp"
#include "kernels/draws.hpp"

namespace halfulp::kernels {
namespace {

TEST(Ars, MachineAndPortableRoundsAgree) {
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::uint64_t seed = i * 0x123456789ABCDEF1, stream = ~i * 77, block = i * i * i * i * i * i;
    EXPECT_EQ(ars_block(seed, stream, block), ars_block_portable(seed, stream, block));
  }
}

// The reference implementation of Random123, ars4x32 with 7 rounds.
TEST(Ars, KnownAnswers) {
  EXPECT_EQ(ars_block(0, 0, 0), (ArsBlock{0xDACF61FF, 0xC45798F3, 0x113C7EEB, 0x101E27F3}));
  EXPECT_NE(ars_block(~0ull, ~0ull, ~0ull), ars_block(~0ull, ~0ull, 0));
}

TEST(Draws, EqualRandomBitsOnEveryTarget) {
  std::vector<std::uint32_t> draws(4096);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{32} * 12345, std::uint64_t{1} << 40}) {
      fill_draws(5, 9, first, draws.data(), draws.size());
      for (std::size_t i = 0; i < draws.size(); ++i) ASSERT_EQ(draws[i], random_bits(5, 9, first + i)) << hwy::TargetName(target);
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

// Each bit is set half of the time, alone and together with any other; six standard deviations.
TEST(Draws, BitsAreFairAndPairwiseIndependent) {
  constexpr int kCount = 1 << 18;
  std::vector<std::uint32_t> draws(kCount);
  fill_draws(1, 2, 0, draws.data(), draws.size());
  for (int a = 0; a < 32; ++a) {
    for (int b = a; b < 32; ++b) {
      int equal = 0;
      for (const std::uint32_t draw : draws) equal += static_cast<int>((draw >> a ^ (a == b ? 0 : draw >> b)) & 1);
      EXPECT_NEAR(equal, kCount / 2, 6 * 256) << a << " " << b;
    }
  }
}

}  // namespace
}  // namespace halfulp::kernels
