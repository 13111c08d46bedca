// Magnitudes, widths, midpoints, hulls, intersections and accumulated products of both enclosure
// types.
#include <gtest/gtest.h>

#include "enclosure/mpfr_number.hpp"
#include "enclosure/random_values.hpp"

namespace halfulp {
namespace {

constexpr int kCases = 20000;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <typename I>
class Measures : public testing::Test {};
using EnclosureTypes = testing::Types<Interval, MpInterval>;
TYPED_TEST_SUITE(Measures, EnclosureTypes);

TYPED_TEST(Measures, OfRandomIntervals) {
  test::RandomValues random(21);
  for (int i = 0; i < kCases; ++i) {
    const Interval a = random.special_interval();
    const Interval b = random.special_interval();
    const auto x = make_interval<TypeParam>(a.lo, a.hi);
    const auto y = make_interval<TypeParam>(b.lo, b.hi);
    ASSERT_EQ(to_double(x), a);
    ASSERT_EQ(magnitude(x), std::max(std::fabs(a.lo), std::fabs(a.hi)));
    ASSERT_EQ(mignitude(x), a.lo > 0 ? a.lo : a.hi < 0 ? -a.hi : 0);
    ASSERT_EQ(width_up(x), add_up(a.hi, -a.lo));
    ASSERT_TRUE(contains(x, midpoint(x)));
    ASSERT_TRUE(contains(x, random.inside(a)));
    if (a.hi < std::numeric_limits<double>::max()) {
      ASSERT_FALSE(contains(x, next_up(a.hi)));
    }
    const Interval both = to_double(hull(x, y));
    ASSERT_EQ(both, Interval(std::min(a.lo, b.lo), std::max(a.hi, b.hi)));
    ASSERT_EQ(to_double(intersect(hull(x, y), x)), a);
  }
}

TYPED_TEST(Measures, OfUnboundedIntervals) {
  const auto line = make_interval<TypeParam>(-kInfinity, kInfinity);
  EXPECT_EQ(midpoint(line), 0);
  EXPECT_EQ(width_up(line), kInfinity);
  EXPECT_EQ(magnitude(line), kInfinity);
  EXPECT_EQ(mignitude(line), 0);
  EXPECT_TRUE(contains(make_interval<TypeParam>(5, kInfinity),
                       midpoint(make_interval<TypeParam>(5, kInfinity))));
  EXPECT_EQ(to_double(line * make_interval<TypeParam>(0, 0)), Interval(0));
  EXPECT_EQ(to_double(line - line), Interval(-kInfinity, kInfinity));
}

TYPED_TEST(Measures, DisjointIntervalsDoNotIntersect) {
  EXPECT_DEATH(intersect(make_interval<TypeParam>(0, 1), make_interval<TypeParam>(2, 3)), "");
}

// acc + sum of a_i b_i for points in the operands, exactly, lies in the accumulated enclosure.
TYPED_TEST(Measures, AccumulatedProductsContainExactSums) {
  test::RandomValues random(22);
  for (int i = 0; i < 500; ++i) {
    TypeParam sum_of_intervals(0.0);
    TypeParam sum_with_doubles(0.0);
    test::MpfrNumber exact(4400, 0.0);
    test::MpfrNumber exact_with_doubles(4400, 0.0);
    test::MpfrNumber term(200);
    for (int k = 0; k < 20; ++k) {
      const Interval a = random.moderate_interval();
      const Interval b = random.moderate_interval();
      const double x = random.inside(a);
      const double y = random.inside(b);
      const auto e = make_interval<TypeParam>(a.lo, a.hi);
      add_product(sum_of_intervals, e, make_interval<TypeParam>(b.lo, b.hi));
      add_product(sum_with_doubles, e, k == 7 ? 0.0 : y);
      mpfr_set_d(term, x, MPFR_RNDN);
      mpfr_mul_d(term, term, y, MPFR_RNDN);
      mpfr_add(exact, exact, term, MPFR_RNDN);
      if (k != 7) mpfr_add(exact_with_doubles, exact_with_doubles, term, MPFR_RNDN);
    }
    ASSERT_LE(lower(sum_of_intervals), mpfr_get_d(exact, MPFR_RNDD));
    ASSERT_GE(upper(sum_of_intervals), mpfr_get_d(exact, MPFR_RNDU));
    ASSERT_LE(lower(sum_with_doubles), mpfr_get_d(exact_with_doubles, MPFR_RNDD));
    ASSERT_GE(upper(sum_with_doubles), mpfr_get_d(exact_with_doubles, MPFR_RNDU));
  }
}

TYPED_TEST(Measures, ProductWithADoubleIsTheProductWithItsPoint) {
  test::RandomValues random(23);
  for (int i = 0; i < kCases; ++i) {
    const TypeParam a(random.special_interval());
    const double b = random.special();
    TypeParam by_double(random.moderate_interval());
    TypeParam by_interval = by_double;
    add_product(by_double, a, b);
    add_product(by_interval, a, TypeParam(b));
    ASSERT_EQ(to_double(by_double), to_double(by_interval)) << std::hexfloat << b;
  }
}

TEST(MpInterval, AccumulatesBelowDoublePrecision) {
  MpInterval sum(1.0);
  add_product(sum, MpInterval(0x1p-60), 0x1p-40);
  sum = sum - MpInterval(1.0);
  EXPECT_EQ(to_double(sum), Interval(0x1p-100));
}

}  // namespace
}  // namespace halfulp
