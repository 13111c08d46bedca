// Tensors of group formats by the kernels against the same group by group, bit by bit, on every instruction set of the machine.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "halfulp/formats/group.hpp"
#include "halfulp/formats/instruction_set.hpp"
#include "halfulp/formats/quantize.hpp"
#include "halfulp/formats/round.hpp"
#include "kernels/inputs.hpp"
#include "tensor_view.hpp"

namespace halfulp::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Shape = std::vector<std::int64_t>;

template <typename T>
auto pattern(T x) {
  return std::bit_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(x);
}

template <typename T>
void check(const std::string& spelling, const std::vector<T>& in, const Shape& shape, int axis) {
  const Format format = format_of(spelling);
  std::vector<double> want(in.begin(), in.end());
  round_tensor_by_groups(format, want, want, shape, axis, 3, 4);
  const auto compare = [&](const std::vector<T>& out, const std::string& how) {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const auto expected = static_cast<T>(want[i]);
      if (pattern(out[i]) == pattern(expected) || (std::isnan(expected) && std::isnan(out[i]))) continue;
      if (++wrong < 4) {
        ADD_FAILURE() << instruction_set() << " " << spelling << how << " axis " << axis << " of " << in.size() << ": element " << i << ", " << in[i]
                      << ", gives " << out[i] << ", not " << expected;
      }
    }
    ASSERT_EQ(wrong, 0u);
  };
  for (const std::string& name : instruction_sets()) {
    ASSERT_TRUE(use_instruction_set(name));
    std::vector<T> out(in.size());
    quantize_tensor(format, std::span<const T>(in), std::span<T>(out), shape, axis, 3, 4);
    compare(out, "");
    out = in;
    quantize_tensor(format, std::span<const T>(out), std::span<T>(out), shape, axis, 3, 4, 2);
    compare(out, " in place, two threads,");
  }
  use_instruction_set("");
}

// Magnitudes over some binades, with multiples of a power of two among them, so that ties and exact values occur.
template <typename T>
std::vector<T> values(std::size_t count, int exponent) {
  std::vector<T> x(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double uniform = random_bits(1, 9, i) * 0x1p-31 - 1;
    const int spread = static_cast<int>(random_bits(2, 9, i) % 7);
    const double y = random_bits(3, 9, i) % 4 == 0 ? std::round(uniform * 32) / 32 : uniform;
    x[i] = static_cast<T>(std::ldexp(y, exponent - spread));
    if (random_bits(4, 9, i) % 11 == 0) x[i] = random_bits(5, 9, i) % 2 == 0 ? T{0} : -T{0};
  }
  return x;
}

const std::vector<std::string> kModes = {"", ":nearest-away", ":nearest-zero", ":toward-zero", ":up", ":down", ":odd", ":stochastic<1>", ":stochastic<9>", ":stochastic"};
const std::vector<std::string> kRules = {"", ":scale-ceil", ":scale-nearest", ":scale-even", ":scale-saturation-free"};
const std::vector<std::string> kPowerBlocks = {"mx<e4m3,32>", "mx<e5m2,32>", "mx<e3m2,16>", "mx<e2m3,32>", "mx<e2m1,32>", "mx<int8,32>", "bfp<8,32>",
                                               "bfp<5,16>", "bfp<9,7>", "bfp<4,1>", "mx<fixed<6,1>,8>", "mx<float<3,4>,20>", "mx<e4m3fnuz,64>"};
const std::vector<std::string> kIntegers = {"int<8>", "int<4>", "int<16>", "uint<8>", "uint<3>", "int<8>:asymmetric"};

template <typename T>
void check_shapes(const std::string& spelling, int exponent = 3) {
  check<T>(spelling, values<T>(64 * 40, exponent), {40, 64}, 1);
  check<T>(spelling, values<T>(3 * 37, exponent), {3, 37}, 1);
  check<T>(spelling, values<T>(5 * 67, exponent), {5, 67}, 0);
  check<T>(spelling, values<T>(2 * 33 * 19, exponent), {2, 33, 19}, 1);
}

TEST(GroupKernels, BlocksInEveryMode) {
  for (const std::string& base : kPowerBlocks) {
    for (const std::string& mode : kModes) {
      check_shapes<float>(base + mode);
      check_shapes<double>(base + mode);
    }
  }
}

TEST(GroupKernels, EveryScaleRule) {
  for (const std::string& base : kPowerBlocks) {
    for (const std::string& rule : kRules) {
      check_shapes<float>(base + rule, 0);
      check_shapes<double>(base + rule + ":up", 9);
    }
  }
}

// Blocks whose largest magnitude lies where the rule's scale changes.
TEST(GroupKernels, ScalesChangeWhereTheRuleSays) {
  for (const std::string base : {"mx<e4m3,4>", "mx<e5m2,4>", "mx<e2m1,4>", "mx<int8,4>", "bfp<5,4>", "mx<e3m2,4>", "mx<fixed<6,1>,4>"}) {
    const double limit = largest(*format_of(base).element);
    std::vector<float> in;
    for (int e = -9; e <= 9; ++e) {
      for (int k = 0; k < 64; ++k) {
        for (const double m : {1.0 + k / 64.0, limit, limit * 1.5, limit * 0.75}) {
          const auto most = static_cast<float>(std::ldexp(m, e));
          for (const float x : {most, std::nextafter(most, HUGE_VALF), std::nextafter(most, 0.0f)}) in.insert(in.end(), {x, -x / 3, x / 2, 0.01f});
        }
      }
    }
    const std::vector<double> wide(in.begin(), in.end());
    for (const std::string& rule : kRules) {
      check<float>(base + rule, in, {static_cast<std::int64_t>(in.size())}, 0);
      check<double>(base + rule, wide, {static_cast<std::int64_t>(in.size())}, 0);
    }
  }
}

TEST(GroupKernels, ExtremeMagnitudes) {
  for (const std::string base : {"mx<e4m3,16>", "mx<e2m1,16>", "bfp<8,16>", "nvfp4", "int<8>", "uint<8>@channel", "dynamic-fixed<8>"}) {
    for (const int exponent : {-148, -140, -127, -120, -90, -60, 60, 100, 120, 127}) {
      check<float>(base, values<float>(160, exponent), {10, 16}, 1);
      check<float>(base + ":up", values<float>(160, exponent), {10, 16}, 0);
    }
    for (const int exponent : {-1070, -1000, -300, -130, 130, 300, 1000}) check<double>(base, values<double>(160, exponent), {10, 16}, 1);
  }
}

TEST(GroupKernels, Nvfp4InEveryMode) {
  for (const std::string& mode : kModes) {
    check_shapes<float>("nvfp4" + mode);
    check_shapes<double>("nvfp4" + mode);
  }
}

// Elements at and beside the middles between codes, and at codes.
TEST(GroupKernels, Nvfp4DecidesTies) {
  std::vector<float> in;
  for (int block = 0; block < 200; ++block) {
    const double scale = block % 2 == 0 ? std::ldexp(1.0, block % 5) : 0.37 * block;
    for (int k = 0; k < 16; ++k) {
      const auto x = static_cast<float>(scale * (k == 0 ? 6 : 0.25 * (k + block % 3)));
      in.push_back(k % 3 == 1 ? std::nextafter(x, 0.0f) : k % 3 == 2 ? -x : x);
    }
  }
  const std::vector<double> wide(in.begin(), in.end());
  for (const std::string& mode : kModes) {
    check<float>("nvfp4" + mode, in, {static_cast<std::int64_t>(in.size())}, 0);
    check<double>("nvfp4" + mode, wide, {static_cast<std::int64_t>(in.size())}, 0);
  }
}

TEST(GroupKernels, IntegersInEveryMode) {
  for (const std::string& base : kIntegers) {
    for (const std::string& mode : kModes) {
      const auto colon = base.find(':');
      const std::string channel = base.substr(0, colon) + "@channel" + (colon == std::string::npos ? "" : base.substr(colon));
      for (const std::string& name : {base + mode, channel + mode}) {
        check_shapes<float>(name);
        check_shapes<double>(name);
      }
    }
  }
  check_shapes<double>("int<24>");
  check_shapes<double>("uint<24>:odd");
  check<float>("int<8>@channel", values<float>(4 * 3 * 100, 1), {4, 3, 100}, 1);
  check<float>("uint<8>@channel:stochastic", values<float>(4 * 3 * 100, 1), {4, 3, 100}, 1);
}

// Numbers at and beside the middles between codes, for scales of all kinds.
TEST(GroupKernels, IntegersDecideTies) {
  for (const std::string name : {"int<8>", "uint<8>", "int<5>", "int<12>"}) {
    const Format format = format_of(name);
    for (int run = 0; run < 25; ++run) {
      const double most = run % 3 == 0 ? std::ldexp(largest(*format.element), run % 7 - 3) : 0.013 * (run + 1) * (run + 1);
      const double low = name[0] == 'u' ? -most / 3 : -most;
      const GroupScale scale = choose_scale(format, GroupExtent{low, most});
      std::vector<double> in = {most, low};
      for (int k = -40; k <= 40; ++k) {
        const double x = scale.scale * (k + 0.5);
        if (x >= low && x <= most) in.insert(in.end(), {x, std::nextafter(x, kInfinity), std::nextafter(x, -kInfinity), scale.scale * k});
      }
      std::vector<float> single;
      for (const double x : in) {
        const auto y = static_cast<float>(x);
        for (const float z : {y, std::nextafter(y, HUGE_VALF), std::nextafter(y, -HUGE_VALF)}) {
          if (z >= static_cast<float>(low) && z <= static_cast<float>(most)) single.push_back(z);
        }
      }
      for (const std::string& mode : kModes) {
        check<double>(name + mode, in, {static_cast<std::int64_t>(in.size())}, 0);
        check<float>(name + mode, single, {static_cast<std::int64_t>(single.size())}, 0);
      }
    }
  }
}

TEST(GroupKernels, SpecialValuesAnywhere) {
  for (const std::string base : {"mx<e4m3,32>", "bfp<8,16>", "nvfp4", "int<8>", "uint<8>@channel", "int<8>@channel:up", "dynamic-fixed<8>", "mx<e2m1,32>:stochastic"}) {
    for (const std::size_t place : {0u, 1u, 77u, 500u, 639u}) {
      for (const double special : {kNan, kInfinity, -kInfinity}) {
        auto in = values<float>(640, 2);
        in[place] = static_cast<float>(special);
        const std::vector<double> wide(in.begin(), in.end());
        check<float>(base, in, {10, 64}, 1);
        check<float>(base, in, {10, 64}, 0);
        check<double>(base, wide, {10, 64}, 1);
      }
    }
    check<float>(base, std::vector<float>(64, static_cast<float>(kNan)), {4, 16}, 1);
    check<float>(base, std::vector<float>(64, 0.0f), {4, 16}, 1);
    check<float>(base, std::vector<float>(64, -0.0f), {4, 16}, 0);
  }
}

TEST(GroupKernels, LargeTensorsInManyChunks) {
  const auto in = values<float>(std::size_t{48} << 10, 4);
  for (const std::string name : {"mx<e4m3,32>", "nvfp4", "int<8>", "int<8>@channel", "dynamic-fixed<8>", "bfp<8,32>:stochastic", "bfp<8,5000>", "bfp<6,9000>:stochastic",
                                 "int<8>:stochastic", "nvfp4:stochastic<7>"}) {
    check<float>(name, in, {12, 4096}, 1);
    check<float>(name, in, {4, 12288}, 0);
    check<float>(name, in, {static_cast<std::int64_t>(in.size())}, 0);
  }
}

}  // namespace
}  // namespace halfulp::test
