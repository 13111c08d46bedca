// Kernel results against the scalar path, bit by bit, on every instruction set of the machine.
#include "halfulp/formats/quantize.hpp"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <bit>
#include <cmath>
#include <limits>
#include <set>

#include "halfulp/formats/round.hpp"
#include "kernels/inputs.hpp"

namespace halfulp::test {
namespace {

const char* const kModes[] = {"", ":nearest-away", ":nearest-zero", ":toward-zero", ":up", ":down", ":odd"};
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <typename T>
auto pattern(T x) {
  return std::bit_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(x);
}

template <typename T>
std::vector<T> expected(const Format& format, const std::vector<T>& in, std::uint64_t seed, std::uint64_t stream) {
  std::vector<double> wide(in.begin(), in.end());
  round_to(format, wide, wide, seed, stream);
  return std::vector<T>(wide.begin(), wide.end());
}

template <typename T>
std::vector<T> quantized(const Format& format, const std::vector<T>& in, std::uint64_t seed = 0, std::uint64_t stream = 0) {
  std::vector<T> out(in.size());
  quantize(format, std::span<const T>(in), std::span<T>(out), seed, stream);
  return out;
}

template <typename T>
void expect_same(const std::vector<T>& got, const std::vector<T>& want, const std::vector<T>& in, const std::string& what) {
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (pattern(got[i]) == pattern(want[i]) || (std::isnan(want[i]) && pattern(got[i]) == pattern(static_cast<T>(kNan)))) continue;
    if (++wrong < 4) ADD_FAILURE() << what << " of " << in[i] << " (element " << i << ") is " << got[i] << ", not " << want[i];
  }
  EXPECT_EQ(wrong, 0u) << what;
}

template <typename T, typename Use>
void for_each_target(const Use& use) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    use(std::string(hwy::TargetName(target)) + " ");
  }
  hwy::SetSupportedTargetsForTest(0);
}

template <typename T>
void check_formats(const std::vector<std::string>& spellings, const std::vector<T>& in) {
  for (const auto& spelling : spellings) {
    const Format format = format_of(spelling);
    ASSERT_TRUE(has_vector_kernel(format, sizeof(T) == 4)) << spelling;
    const auto want = expected(format, in, 3, 4);
    for_each_target<T>([&](const std::string& target) { expect_same(quantized(format, in, 3, 4), want, in, target + spelling); });
  }
}

std::vector<std::string> in_all_modes(const std::vector<std::string>& bases) {
  std::vector<std::string> spellings;
  for (const auto& base : bases) {
    for (const char* mode : kModes) spellings.push_back(base + mode);
  }
  return spellings;
}

TEST(Quantize, EqualsTheScalarPathOnEveryDecisionOfFloats) {
  check_formats(in_all_modes({"e5m2", "bf16", "fixed<8,4>"}), stratified_floats());
}

// One value in seven of the others.
TEST(Quantize, EqualsTheScalarPathForManyFormats) {
  const auto all = stratified_floats();
  std::vector<float> some;
  for (std::size_t i = 0; i < all.size(); i += 7) some.push_back(all[i]);
  check_formats(in_all_modes({"e4m3", "fp16", "float<6,9>", "dlfloat16", "ufixed<8,3>", "fixed<1,1>", "fixed<22,3>", "fixed<30,12>", "tf32",
                              "fp32", "float<5,21>", "float<7,22>", "e2m1"}),
                some);
  check_formats<float>({"e5m2:infinity", "e5m2:infinity:up", "e4m3:infinity", "bf16:infinity", "bf16:infinity:down", "fixed<8,4>:wrap",
                        "ufixed<8,4>:wrap:up", "fixed<8,4>:error", "fixed<8,4>:saturate-symmetric", "fp16:flush", "bf16:flush:odd",
                        "e4m3:error:flush", "fp16:infinity:nearest-away"},
                       some);
}

TEST(Quantize, EqualsTheScalarPathStochastically) {
  const auto all = stratified_floats();
  std::vector<float> some;
  for (std::size_t i = 0; i < all.size(); i += 23) some.push_back(all[i]);
  std::vector<std::string> spellings;
  for (const std::string base : {"e5m2", "e4m3", "bf16", "fp16", "fixed<8,4>", "ufixed<9,3>", "dlfloat16", "fixed<30,12>", "bf16:infinity"}) {
    for (const std::string bits : {"<1>", "<8>", "<23>", "<24>", "<25>", "<31>", "<32>"}) spellings.push_back(base + ":stochastic" + bits);
  }
  check_formats(spellings, some);
}

// Every value of posits, takums and powers of two, every boundary between them and every middle, and their neighbours.
template <typename T>
std::vector<T> decisions(const Format& format) {
  std::set<T> points = {0, -T{0}, std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(), std::numeric_limits<T>::max(),
                        std::numeric_limits<T>::denorm_min(), std::numeric_limits<T>::min()};
  const auto add = [&](double x) {
    const auto point = static_cast<T>(x);
    for (const T y : {point, std::nextafter(point, std::numeric_limits<T>::infinity()), std::nextafter(point, T{0})}) {
      points.insert(y);
      points.insert(-y);
    }
  };
  const std::uint64_t codes = std::uint64_t{1} << (format.width_bits - 1);
  double last = 0;
  for (std::uint64_t code = 0; code < codes; ++code) {
    const double value = decode(format, code);
    if (!std::isfinite(value)) continue;
    add(value);
    add((last + value) / 2);
    add(std::sqrt(last) * std::sqrt(value));
    add(last + (value - last) * 0.3);
    last = value;
  }
  for (const double beyond : {1.0, 1.25, 1.5, 1.75, 2.0, 1e5}) {
    add(last * beyond);
    add(smallest_positive(format) / beyond);
  }
  std::vector<T> all(points.begin(), points.end());
  all.push_back(static_cast<T>(kNan));
  all.push_back(-T{0});
  return all;
}

template <typename T>
void check_decisions(const std::vector<std::string>& bases, const std::vector<std::string>& modifiers) {
  for (const std::string& base : bases) {
    const auto in = decisions<T>(format_of(base));
    for (const std::string& modifier : modifiers) check_formats<T>({base + modifier}, in);
  }
}

const std::vector<std::string> kTapered = {"posit<8,0>", "posit<8,1>", "posit<8,2>", "posit<3,0>", "posit<4,2>", "posit<7,3>", "posit<9,1>",
                                           "posit<10,0>", "takum<8>", "takum<9>", "takum<11>", "binary8p1", "e8m0"};
const std::vector<std::string> kModifiers = {"", ":nearest-away", ":nearest-zero", ":toward-zero", ":up", ":down", ":odd", ":infinity",
                                             ":infinity:up", ":infinity:toward-zero", ":error", ":stochastic<1>", ":stochastic<8>",
                                             ":stochastic<31>", ":stochastic"};

TEST(Quantize, TaperedFormatsDecideEveryBoundaryAsTheScalarPath) {
  check_decisions<float>(kTapered, kModifiers);
  check_decisions<double>(kTapered, kModifiers);
}

TEST(Quantize, SixteenBitTaperedFormatsDecideEveryBoundaryAsTheScalarPath) {
  const std::vector<std::string> names = {"posit<16,1>", "posit<15,0>", "posit<13,3>", "takum<16>"};
  check_decisions<float>(names, {"", ":nearest-away", ":up", ":odd", ":infinity:down", ":stochastic<9>"});
  check_decisions<double>(names, {"", ":nearest-zero", ":toward-zero", ":stochastic"});
}

TEST(Quantize, WideTaperedFormatsEqualTheScalarPath) {
  const std::vector<std::string> names = {"posit<16,4>", "posit<24,1>", "posit<32,2>", "posit<31,5>", "takum<24>", "takum<32>", "takum<33>"};
  std::vector<float> some;
  const auto all = stratified_floats();
  for (std::size_t i = 0; i < all.size(); i += 41) some.push_back(all[i]);
  for (const std::string& name : names) check_formats<float>({name, name + ":nearest-away", name + ":down", name + ":stochastic<20>"}, some);
  std::vector<double> wide;
  const auto doubles = stratified_doubles();
  for (std::size_t i = 0; i < doubles.size(); i += 5) wide.push_back(doubles[i]);
  for (const std::string& name : names) check_formats<double>({name, name + ":odd", name + ":up", name + ":stochastic"}, wide);
  check_formats<double>({"takum<56>", "takum<56>:nearest-zero", "takum<40>:stochastic<3>"}, wide);
}

TEST(Quantize, EqualsTheScalarPathInDoubles) {
  const auto in = stratified_doubles();
  check_formats(in_all_modes({"e5m2", "fp16", "fp32", "fp64", "float<11,20>", "fixed<40,12>", "fixed<8,4>", "dlfloat16"}), in);
  check_formats<double>({"e4m3:stochastic", "fp32:stochastic<7>", "fp64:stochastic", "float<11,30>:stochastic<5>", "fixed<40,12>:stochastic",
                         "fixed<8,4>:stochastic<1>", "fp16:infinity:stochastic", "fixed<20,9>:wrap:stochastic<31>"},
                        in);
}

// A draw next to the fraction of x decides; here every draw meets a fraction that it equals in its leading bits.
TEST(Quantize, DecidesCloseDrawsExactly) {
  const Format format = format_of("fixed<8,4>:stochastic");
  std::vector<float> in(200000);
  for (std::size_t i = 0; i < in.size(); ++i) {
    const float fraction = static_cast<float>(random_bits(3, 4, i) * 0x1p-36);
    in[i] = (i % 3 == 0 ? fraction : std::nextafter(fraction, i % 3 == 1 ? 1.0f : 0.0f)) - static_cast<float>(i % 2) * 0.0625f;
  }
  expect_same(quantized(format, in, 3, 4), expected(format, in, 3, 4), in, "close draws");
}

TEST(Quantize, ThreadsPartsAndPlacesDoNotMatter) {
  std::vector<float> in(200003);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(random_bits(1, 1, i) * 0x1p-30 - 2);
  for (const std::string spelling : {"e5m2", "e5m2:stochastic", "bf16:stochastic<9>", "fixed<8,4>:stochastic"}) {
    const Format format = format_of(spelling);
    const auto whole = expected(format, in, 7, 8);
    std::vector<float> out(in.size());
    quantize(format, std::span<const float>(in), std::span<float>(out), 7, 8, 3);
    expect_same(out, whole, in, "three threads");
    out = in;
    quantize(format, std::span<const float>(out), std::span<float>(out), 7, 8, 2);
    expect_same(out, whole, in, "in place");
    for (std::size_t first = 0, size = 1; first < in.size(); first += size, size = size * 3 + 1) {
      size = std::min(size, in.size() - first);
      quantize(format, std::span<const float>(in).subspan(first, size), std::span<float>(out).subspan(first, size), 7, 8, 1, first);
    }
    expect_same(out, whole, in, "in parts");
  }
}

// Beyond 8 MiB results go past the caches, wherever the array begins.
TEST(Quantize, LargeArraysFromAnyAddress) {
  std::vector<float> in((std::size_t{9} << 20) / sizeof(float)), out(in.size() + 16);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(random_bits(1, 1, i) * 0x1p-30 - 2);
  in[12345] = static_cast<float>(kNan);
  in[in.size() - 3] = -std::numeric_limits<float>::infinity();
  for (const std::string spelling : {"e5m2", "e5m2:stochastic"}) {
    const Format format = format_of(spelling);
    const auto whole = expected(format, in, 7, 8);
    for (const std::size_t shift : {0u, 1u, 4u, 13u}) {
      quantize(format, std::span<const float>(in), std::span<float>(out).subspan(shift, in.size()), 7, 8);
      expect_same(std::vector<float>(out.begin() + static_cast<std::ptrdiff_t>(shift), out.end()), whole, in, spelling);
    }
  }
}

// Every place where lns can change, in binades all over its range and beyond; enough numbers for a table.
TEST(Quantize, LogarithmsByTableEqualTheScalarPath) {
  for (const std::string base : {"lns<8,4>", "lns<8,6>", "lns<10,3>", "lns<12,5>", "lns<9,8>"}) {
    std::vector<float> in = decisions<float>(format_of(base));
    const std::size_t few = in.size();
    for (std::size_t i = 0; in.size() < 70000; ++i) in.push_back(in[i % few] * (1 + static_cast<float>(random_bits(1, 2, i)) * 0x1p-34f));
    for (const char* mode : kModes) {
      const Format format = format_of(base + mode);
      expect_same(quantized(format, in), expected(format, in, 0, 0), in, base + mode);
    }
  }
}

TEST(Quantize, FormatsWithoutAKernelTakeTheScalarPath) {
  const Format format = format_of("fixed<54,20>");
  ASSERT_FALSE(has_vector_kernel(format, false));
  const std::vector<double> in = {0.1, -0.7, 1e30, -1e30, kNan, 0x1.0000000000001p-33};
  expect_same(quantized(format, in), expected(format, in, 0, 0), in, "fixed<54,20>");
}

}  // namespace
}  // namespace halfulp::test
