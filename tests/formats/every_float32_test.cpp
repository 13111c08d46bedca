// All 2^32 float32 numbers, rounded to nearest even by round_to and by quantize, against a walk along the values of the format:
// the magnitudes ascend, so that the expected value moves on when they pass a boundary. Minutes a format: not in the default run.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "halfulp/formats/quantize.hpp"
#include "halfulp/formats/round.hpp"
#include "oracle.hpp"
#include "value_table.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint32_t kInfinityBits = 0x7F800000;
constexpr std::uint32_t kChunk = 1 << 16;

// Magnitudes of one sign, ascending from zero, and the boundaries between them.
struct Walk {
  std::vector<double> values, boundaries;
};

Walk walk_of(const Format& format, bool negative) {
  Walk walk;
  for (const double x : finite_values(format)) {
    if (x == 0 || (x < 0) == negative) walk.values.push_back(std::fabs(x));
  }
  std::sort(walk.values.begin(), walk.values.end());
  if (is_tabled(format)) {
    walk.boundaries = table_boundaries(format);
  } else {
    for (std::size_t i = 0; i + 1 < walk.values.size(); ++i) {
      walk.boundaries.push_back(walk.values[i] / 2 + walk.values[i + 1] / 2);
    }
  }
  walk.boundaries.resize(walk.values.size() - 1);
  return walk;
}

class EveryFloat32 : public testing::TestWithParam<std::string> {
 protected:
  // Rounds `in`, magnitudes ascending from one call to the next.
  template <typename Round>
  void check(const Round& round) {
    const Format format = format_of(GetParam());
    std::uint64_t count = 0;
    for (const bool negative : {false, true}) {
      const Walk walk = walk_of(format, negative);
      std::size_t place = 0;
      std::vector<float> in(kChunk);
      std::vector<double> out(kChunk);
      for (std::uint64_t start = 0; start < kInfinityBits; start += kChunk) {
        for (std::uint32_t i = 0; i < kChunk; ++i) {
          in[i] = std::bit_cast<float>(static_cast<std::uint32_t>(start + i) | (negative ? 0x80000000u : 0));
        }
        round(format, in, out);
        for (std::uint32_t i = 0; i < kChunk; ++i) {
          const double magnitude = std::fabs(static_cast<double>(in[i]));
          // A tie goes to the even place: up if that one is.
          while (place < walk.boundaries.size() && magnitude > 0 &&
                 (magnitude > walk.boundaries[place] || (magnitude == walk.boundaries[place] && place % 2 == 1))) {
            ++place;
          }
          const double expected = negative ? -walk.values[place] : walk.values[place];
          ASSERT_EQ(out[i], expected) << GetParam() << " " << in[i];
        }
        count += kChunk;
      }
    }
    EXPECT_EQ(count, 2ull * kInfinityBits);
    for (const std::uint32_t bits : {kInfinityBits, 0xFF800000u, 0x7FC00000u, 0x7F800001u, 0xFFFFFFFFu}) {
      const std::vector<float> in = {std::bit_cast<float>(bits)};
      std::vector<double> out(1);
      round(format, in, out);
      if (std::isnan(in[0])) {
        EXPECT_TRUE(std::isnan(out[0]));
      } else {
        EXPECT_EQ(out[0], in[0] < 0 ? lowest(format) : largest(format));
      }
    }
  }
};

TEST_P(EveryFloat32, ByRoundTo) {
  check([](const Format& format, const std::vector<float>& in, std::vector<double>& out) {
    const std::vector<double> wide(in.begin(), in.end());
    round_to(format, wide, out);
  });
}

TEST_P(EveryFloat32, ByQuantize) {
  std::vector<float> single;
  check([&single](const Format& format, const std::vector<float>& in, std::vector<double>& out) {
    single.resize(in.size());
    quantize(format, std::span<const float>(in), std::span<float>(single));
    std::copy(single.begin(), single.end(), out.begin());
  });
}

std::string test_name(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFloat32,
                         testing::Values("e5m2", "e4m3", "bf16", "fp16", "posit<8,1>", "posit<16,1>", "takum<8>", "fixed<8,4>"), test_name);

}  // namespace
}  // namespace halfulp::test
