// Containment, tightness, inclusion monotonicity, and agreement of the two enclosure types, for
// every operation.
#include <gtest/gtest.h>

#include "enclosure/mpfr_number.hpp"
#include "enclosure/operations.hpp"
#include "enclosure/random_values.hpp"

namespace halfulp {
namespace {

using test::MpfrNumber;
using test::Operation;

constexpr int kCases = 8000;
constexpr mpfr_prec_t kOraclePrecision = 200;

class EveryOperation : public testing::TestWithParam<Operation> {
 protected:
  // The exact value for points, as the tightest doubles around it.
  static Interval exact(double x, double y) {
    const MpfrNumber a(53, x);
    const MpfrNumber b(53, y);
    MpfrNumber lo(kOraclePrecision);
    MpfrNumber hi(kOraclePrecision);
    GetParam().exact(lo, a, b, MPFR_RNDD);
    GetParam().exact(hi, a, b, MPFR_RNDU);
    return {mpfr_get_d(lo, MPFR_RNDD), mpfr_get_d(hi, MPFR_RNDU)};
  }
  static Interval operand(test::RandomValues& random) {
    return random.below(2) ? random.special_interval() : random.moderate_interval();
  }
};

bool encloses(const Interval& outer, const Interval& inner) {
  return outer.lo <= inner.lo && inner.hi <= outer.hi;
}

std::string describe(const Interval& a, const Interval& b) {
  return "a = [" + std::to_string(a.lo) + ", " + std::to_string(a.hi) + "], b = [" +
         std::to_string(b.lo) + ", " + std::to_string(b.hi) + "]";
}

TEST_P(EveryOperation, ContainsValuesOfPoints) {
  test::RandomValues random(11);
  for (int i = 0; i < kCases; ++i) {
    const Interval a = operand(random);
    const Interval b = operand(random);
    const double x = random.inside(a);
    const double y = random.inside(b);
    if (!GetParam().in_domain(x, y)) continue;
    const Interval value = exact(x, y);
    const Interval fast = GetParam().fast(a, b);
    ASSERT_FALSE(std::isnan(fast.lo) || std::isnan(fast.hi));
    // The ends of the result are doubles, so a double below the value is at most its rounding down.
    ASSERT_TRUE(fast.lo <= value.lo && value.hi <= fast.hi)
        << std::hexfloat << x << " " << y << " " << describe(a, b);
    const MpInterval precise = GetParam().precise(MpInterval(a), MpInterval(b));
    ASSERT_TRUE(lower(precise) <= value.lo && value.hi <= upper(precise))
        << std::hexfloat << x << " " << y;
  }
}

TEST_P(EveryOperation, IsTightOnPoints) {
  test::RandomValues random(12);
  for (int i = 0; i < kCases; ++i) {
    const double x = random.below(2) ? random.special() : random.moderate();
    const double y = random.below(2) ? random.special() : random.moderate();
    if (!GetParam().in_domain(x, y)) continue;
    const Interval value = exact(x, y);
    const Interval fast = GetParam().fast(x, y);
    ASSERT_GE(fast.lo, next_down(value.lo)) << std::hexfloat << x << " " << y;
    ASSERT_LE(fast.hi, next_up(value.hi)) << std::hexfloat << x << " " << y;
    if (value.lo == value.hi) {
      ASSERT_EQ(fast, value) << std::hexfloat << x << " " << y;
    }
    ASSERT_EQ(to_double(GetParam().precise(x, y)), value) << std::hexfloat << x << " " << y;
  }
}

TEST_P(EveryOperation, IsInclusionMonotone) {
  test::RandomValues random(13);
  for (int i = 0; i < kCases; ++i) {
    const Interval a = operand(random);
    const Interval b = operand(random);
    const Interval inner_a = random.subinterval(a);
    const Interval inner_b = random.subinterval(b);
    ASSERT_TRUE(encloses(GetParam().fast(a, b), GetParam().fast(inner_a, inner_b)))
        << describe(a, b);
    const Interval outer = to_double(GetParam().precise(MpInterval(a), MpInterval(b)));
    ASSERT_TRUE(
        encloses(outer, to_double(GetParam().precise(MpInterval(inner_a), MpInterval(inner_b)))));
  }
}

TEST_P(EveryOperation, FastEnclosesPrecise) {
  test::RandomValues random(14);
  for (const int precision : {53, 64, 65, 128, 160, 256}) {
    set_working_precision(precision);
    for (int i = 0; i < kCases / 4; ++i) {
      const Interval a = operand(random);
      const Interval b = operand(random);
      const MpInterval precise = GetParam().precise(MpInterval(a), MpInterval(b));
      const Interval fast = GetParam().fast(a, b);
      // At 53 bits the guard-free steps of the precise type cost what those of the fast type do.
      const Interval outer =
          precision < 100 ? Interval{next_down(fast.lo), next_up(fast.hi)} : fast;
      ASSERT_TRUE(encloses(outer, to_double(precise))) << precision << " " << describe(a, b);
    }
  }
  set_working_precision(128);
}

TEST_P(EveryOperation, UnboundedOperandsNeverGiveNan) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double ends[] = {-kInfinity, -2.0, -0.0, 0.0, 0x1p-1074, 3.0, kInfinity};
  std::vector<Interval> intervals;
  for (const double lo : ends) {
    for (const double hi : ends) {
      if (lo <= hi && (lo != hi || std::isfinite(lo))) intervals.emplace_back(lo, hi);
    }
  }
  for (const Interval& a : intervals) {
    for (const Interval& b : intervals) {
      const Interval fast = GetParam().fast(a, b);
      ASSERT_LE(fast.lo, fast.hi) << describe(a, b);
      const Interval precise = to_double(GetParam().precise(MpInterval(a), MpInterval(b)));
      ASSERT_LE(precise.lo, precise.hi) << describe(a, b);
      ASSERT_TRUE(encloses(fast, precise)) << describe(a, b);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryOperation,
                         testing::ValuesIn(test::operations().begin(), test::operations().end()),
                         [](const auto& tested) {
                           std::string name = tested.param.name;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           std::replace(name.begin(), name.end(), '-', 'm');
                           return name;
                         });

}  // namespace
}  // namespace halfulp
