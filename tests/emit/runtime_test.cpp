// The emitted integer arithmetic against the library's rounding: every mode, fixed and float formats, windows of one word, two
// words and many limbs, divisions included.
#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/formats/round.hpp"
#include "halfulp_float.hpp"

namespace {

using halfulp_rt::overflow;
using halfulp_rt::rounding;

template <rounding R>
const char* spelling() {
  constexpr const char* kNames[] = {"nearest-even", "nearest-away", "nearest-zero", "toward-zero", "up", "down", "odd"};
  return kNames[static_cast<int>(R)];
}

template <int E, int P, int Bias, int Emin, std::uint64_t Max, std::uint64_t Gap, rounding R>
struct Spec {
  static constexpr int exponent_bits = E, significand_bits = P, bias = Bias, emin = Emin;
  static constexpr std::uint64_t max_code = Max, gap_significand = Gap;
  static constexpr bool subnormals = Gap == 0;
  static constexpr rounding round = R;
};

std::uint64_t random64(std::uint64_t& index) {
  const std::uint64_t high = halfulp::random_bits(7, 1, index++);
  return (high << 32) | halfulp::random_bits(7, 2, index++);
}

std::uint64_t expected_code(const halfulp::Format& format, const halfulp::Expansion& x) {
  if (x.part[0] == 0) return 0;
  const auto code = halfulp::encode(format, x.part[0]);
  EXPECT_TRUE(code.has_value()) << format.name << " " << x.part[0];
  return code.value_or(0);
}

// Rounds m * 2^lsb / n in a window of Bits both ways.
template <class T, int Bits>
void compare(const halfulp::Format& format, bool negative, std::uint64_t m, int shift, int lsb, std::uint32_t n) {
  using namespace halfulp_rt;
  window<Bits> w;
  clear(w);
  add_shifted(w, negative, m, shift);
  halfulp::LongAccumulator exact;
  exact.clear();
  const double sign = negative ? -1 : 1;
  exact.add(std::ldexp(sign * static_cast<double>(m >> 32), 32 + shift + lsb));
  exact.add(std::ldexp(sign * static_cast<double>(m & 0xFFFFFFFFu), shift + lsb));
  const halfulp::Expansion wanted =
      n == 1 ? halfulp::round_exact(format, exact) : halfulp::round_quotient(format, exact, n);
  T got;
  if (n == 1) {
    got = T::round(is_negative(w), absolute(w), lsb, false);
  } else {
    constexpr int kGuard = 96;
    auto quotient = halfulp_rt::widened<Bits + kGuard + 1, Bits>(absolute(w), kGuard);
    const bool inexact = divide(quotient, n) != 0;
    got = T::round(is_negative(w), quotient, lsb - kGuard, inexact);
  }
  const std::uint64_t mask = halfulp_rt::low_mask(format.width_bits);
  ASSERT_EQ(static_cast<std::uint64_t>(got.code) & mask, expected_code(format, wanted))
      << format.name << ": " << (negative ? "-" : "") << m << " * 2^" << shift + lsb << " / " << n << ", window " << Bits;
}

// Operands whose leading bits lie around the format's range and whose trailing bits make ties likely.
template <class T>
void check(const std::string& name, int low, int high) {
  const auto format = halfulp::parse_format(name);
  ASSERT_TRUE(format.has_value()) << name;
  std::uint64_t index = 0;
  for (int i = 0; i < 1500; ++i) {
    std::uint64_t m = random64(index) >> (random64(index) % 60);
    if (i % 3 == 0) m &= ~std::uint64_t{0} << (random64(index) % 60);
    if (m == 0) m = 1;
    const bool negative = i % 2 != 0;
    const std::uint32_t n = i % 5 == 0 ? 3 + static_cast<std::uint32_t>(random64(index) % 60) : 1;
    const int lead = 63 - __builtin_clzll(m);
    const int exponent = low + static_cast<int>(random64(index) % static_cast<std::uint64_t>(high - low + 1));
    if (lead < 60) compare<T, 64>(*format, negative, m, 0, exponent - lead, n);
    compare<T, 128>(*format, negative, m, 20, exponent - lead - 20, n);
    compare<T, 400>(*format, negative, m, 150, exponent - lead - 150, n);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

template <rounding R>
void check_floats() {
  const std::string mode = std::string(":") + spelling<R>();
  check<halfulp_rt::floating<Spec<4, 3, 7, -6, 0x7E, 0, R>>>("e4m3" + mode, -14, 10);
  check<halfulp_rt::floating<Spec<5, 2, 15, -14, 0x7B, 0, R>>>("e5m2" + mode, -22, 18);
  check<halfulp_rt::floating<Spec<2, 1, 1, 0, 0x7, 0, R>>>("e2m1" + mode, -4, 4);
  check<halfulp_rt::floating<Spec<5, 10, 15, -14, 0x7BFF, 0, R>>>("fp16" + mode, -30, 18);
  check<halfulp_rt::floating<Spec<8, 7, 127, -126, 0x7F7F, 0, R>>>("bf16" + mode, -140, 130);
  check<halfulp_rt::floating<Spec<8, 23, 127, -126, 0x7F7FFFFF, 0, R>>>("fp32" + mode, -155, 130);
  check<halfulp_rt::floating<Spec<6, 9, 31, -31, 0x7FFE, 513, R>>>("dlfloat16" + mode, -35, 33);
}

template <rounding R, overflow O>
void check_fixed(const std::string& modifiers) {
  check<halfulp_rt::fixed<8, 3, true, R, O>>("fixed<8,3>" + modifiers, -9, 6);
  check<halfulp_rt::fixed<1, 1, true, R, O>>("fixed<1,1>" + modifiers, -3, 3);
  check<halfulp_rt::fixed<13, -2, true, R, O>>("fixed<13,-2>" + modifiers, -20, 2);
  check<halfulp_rt::fixed<6, 9, true, R, O>>("fixed<6,9>" + modifiers, -2, 12);
  check<halfulp_rt::fixed<33, 10, true, R, O>>("fixed<33,10>" + modifiers, -26, 14);
  check<halfulp_rt::fixed<8, 3, false, R, O>>("ufixed<8,3>" + modifiers, -9, 6);
  check<halfulp_rt::fixed<32, 32, false, R, O>>("ufixed<32,32>" + modifiers, -3, 40);
}

template <rounding R>
void check_overflows() {
  const std::string mode = std::string(":") + spelling<R>();
  check_fixed<R, overflow::saturate>(mode);
  check_fixed<R, overflow::wrap>(mode + ":wrap");
  check_fixed<R, overflow::saturate_symmetric>(mode + ":saturate-symmetric");
}

TEST(Runtime, FloatRoundingIsTheLibrarys) {
  check_floats<rounding::nearest_even>();
  check_floats<rounding::nearest_away>();
  check_floats<rounding::nearest_zero>();
  check_floats<rounding::toward_zero>();
  check_floats<rounding::up>();
  check_floats<rounding::down>();
  check_floats<rounding::odd>();
}

TEST(Runtime, FixedRoundingIsTheLibrarys) {
  check_overflows<rounding::nearest_even>();
  check_overflows<rounding::nearest_away>();
  check_overflows<rounding::nearest_zero>();
  check_overflows<rounding::toward_zero>();
  check_overflows<rounding::up>();
  check_overflows<rounding::down>();
  check_overflows<rounding::odd>();
}

}  // namespace
