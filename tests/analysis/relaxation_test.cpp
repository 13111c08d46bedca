// Lines lie below and above their function, whatever choice is made of them.
#include "relaxation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/graph_builder.hpp"
#include "unary_rules.hpp"

namespace halfulp {
namespace {

struct Case {
  UnaryForm form;
  double leaky = 0;
  double least = -4, greatest = 4;   // of the ranges tried
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const UnaryKind kind : {UnaryKind::kNeg, UnaryKind::kAbs, UnaryKind::kRelu, UnaryKind::kTanh, UnaryKind::kSigmoid, UnaryKind::kExp,
                               UnaryKind::kSin, UnaryKind::kCos, UnaryKind::kAtan, UnaryKind::kErf}) {
    UnaryForm form;
    form.kind = kind;
    all.push_back({.form = form});
  }
  all.push_back({.form = {.kind = UnaryKind::kLeakyRelu, .slope = {0.1}}, .leaky = 0.1});
  all.push_back({.form = {.kind = UnaryKind::kLeakyRelu, .slope = {1.5}}, .leaky = 1.5});
  UnaryForm form;
  form.kind = UnaryKind::kHardtanh;
  form.low = -1;
  form.high = 2;
  all.push_back({.form = form});
  for (const UnaryKind kind : {UnaryKind::kLog, UnaryKind::kSqrt}) {
    form.kind = kind;
    all.push_back({.form = form, .least = 0.01, .greatest = 5});
  }
  form.kind = UnaryKind::kPower;
  for (const int exponent : {2, 3, -1, -2}) {
    form.exponent = exponent;
    all.push_back({.form = form, .least = exponent < 0 ? 0.1 : -3.0, .greatest = 3});
  }
  return all;
}

void check_lines(const Case& c, const Interval& range, const SlopeChoice& choice) {
  const Relaxation lines = relax(c.form, c.leaky, range, choice);
  for (int i = 0; i <= 40; ++i) {
    const double x = std::clamp(range.lo + (range.hi - range.lo) * i / 40, range.lo, range.hi);
    const Interval y = unary_value(c.form, c.leaky, Interval(x));
    const Interval below = Interval(lines.lower_slope) * Interval(x) + Interval(lines.lower_intercept);
    const Interval above = Interval(lines.upper_slope) * Interval(x) + Interval(lines.upper_intercept);
    ASSERT_LE(below.lo, y.hi) << "kind " << static_cast<int>(c.form.kind) << " at " << x << " of [" << range.lo << ", " << range.hi << "]";
    ASSERT_GE(above.hi, y.lo) << "kind " << static_cast<int>(c.form.kind) << " at " << x << " of [" << range.lo << ", " << range.hi << "]";
  }
}

TEST(Relaxation, BoundsItsFunctionForEveryChoice) {
  test::RandomGraph random(7);
  for (const Case& c : cases()) {
    for (int trial = 0; trial < 400; ++trial) {
      const double a = random.uniform(c.least, c.greatest), b = random.uniform(c.least, c.greatest);
      const Interval range(std::min(a, b), std::max(a, b));
      const bool chosen = random.chance(0.8);
      const auto pick = [&] { return static_cast<float>(random.chance(0.2) ? (random.chance(0.5) ? 0.0 : 1.0) : random.uniform(0, 1)); };
      check_lines(c, range, chosen ? SlopeChoice{pick(), pick()} : SlopeChoice{});
    }
  }
}

// The search moves along these: a wrong derivative would only search badly, never prove wrongly, so it has a test of its own.
TEST(Relaxation, RatesAreDerivativesByTheChoice) {
  for (const Case& c : cases()) {
    const Interval range(std::max(c.least, -1.0), 1.5);
    for (const bool lower : {true, false}) {
      const LineFamily family = line_family(c.form, c.leaky, range, lower);
      if (!family.is_free) continue;
      const double step = 1e-6;
      for (const double choice : {0.2, 0.5, 0.8}) {
        const FreeLine at = line_at(c.form, family, choice), next = line_at(c.form, family, choice + step);
        EXPECT_NEAR(at.slope_rate, (next.slope - at.slope) / step, 1e-4 * (1 + std::fabs(at.slope_rate)));
        EXPECT_NEAR(at.intercept_rate, (next.intercept - at.intercept) / step, 1e-4 * (1 + std::fabs(at.intercept_rate)));
      }
    }
  }
}

}  // namespace
}  // namespace halfulp
