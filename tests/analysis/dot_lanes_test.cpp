// Eight dot products at once give what one at a time gives, on every instruction set that the processor has.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dot_lanes.hpp"
#include "support/graph_builder.hpp"

namespace halfulp {
namespace {

// Operands of eight sums: own weights, one vector of inputs or two.
struct Case {
  NodeFormats formats;
  std::vector<std::vector<double>> weights;
  std::vector<Interval> inputs;
  std::vector<std::int64_t> terms, elements;
  std::vector<Interval> bias;
  bool shared = true;
};

double value(test::RandomGraph& random) {
  const double x = random.uniform(-1, 1);
  switch (random.integer(0, 9)) {
    case 0: return 0;
    case 1: return std::ldexp(std::round(x * 8), -3);
    case 2: return std::ldexp(x, static_cast<int>(random.integer(-1070, 20)));
    case 3: return static_cast<float>(x);
    default: return x;
  }
}

Interval range(test::RandomGraph& random) {
  if (random.chance(0.01)) return {-std::numeric_limits<double>::infinity(), 1};
  if (random.chance(0.02)) return {value(random) * 1e-12, 0x1p1020};
  const double a = value(random), b = random.chance(0.3) ? a : value(random);
  return {std::min(a, b), std::max(a, b)};
}

Case make_case(std::uint64_t seed) {
  test::RandomGraph random(seed);
  Case c;
  if (random.chance(0.7)) c.formats.product = random.format(random.chance(0.5));
  if (random.chance(0.9)) c.formats.accumulator = random.chance(0.5) && c.formats.product ? *c.formats.product : random.format(random.chance(0.5));
  c.formats.order.kind = static_cast<SummationOrder::Kind>(random.integer(0, 2));
  c.formats.order.block = random.integer(0, 5);
  c.shared = random.chance(0.7);
  const std::int64_t depth = random.integer(0, random.chance(0.2) ? 200 : 12);
  for (std::int64_t k = 0; k < 2 * depth; ++k) c.inputs.push_back(range(random));
  for (std::int64_t k = 0; k < depth; ++k) {
    if (random.chance(0.1)) continue;
    c.terms.push_back(k);
    c.elements.push_back(depth - 1 - k);
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    auto& row = c.weights.emplace_back();
    for (std::int64_t k = 0; k < depth; ++k) row.push_back(value(random));
    c.bias.push_back(random.chance(0.5) ? Interval(0) : range(random));
  }
  return c;
}

const Interval* inputs_of(const Case& c, int lane) { return c.inputs.data() + (c.shared || lane % 2 == 0 ? 0 : c.inputs.size() / 2); }

DotEffect one_at_a_time(const Case& c, int lane) {
  DotTerms terms;
  terms.bias = c.bias[static_cast<std::size_t>(lane)];
  for (std::size_t i = 0; i < c.terms.size(); ++i) {
    const double w = c.weights[static_cast<std::size_t>(lane)][static_cast<std::size_t>(c.terms[i])];
    terms.products.push_back(Interval(w) * inputs_of(c, lane)[c.elements[i]]);
  }
  return dot_effect(c.formats, terms);
}

std::optional<LaneDots> dots_of(const Case& c) {
  LaneDots dots{.product = std::nullopt, .accumulator = {}, .rounded_sums = c.formats.accumulator.has_value(), .order = c.formats.order};
  ValueGrid grid;
  if (c.formats.product) {
    dots.product = lane_rounding(&*c.formats.product, grid);
    if (!dots.product) return std::nullopt;
    grid.lsb = grid_after(*c.formats.product, grid, false).lsb;
  }
  if (grid.lsb != ValueGrid::kUnknown) grid.lsb = std::min(grid.lsb, 0);
  const auto accumulator = lane_rounding(c.formats.accumulator ? &*c.formats.accumulator : nullptr, grid);
  if (!accumulator) return std::nullopt;
  dots.accumulator = *accumulator;
  return dots;
}

LaneEffect eight_at_once(const Case& c, const LaneDots& dots, LaneMachine machine) {
  Pack start{};
  const bool held = c.formats.accumulator && c.formats.product && is_exact_on(*c.formats.accumulator, {.held = c.formats.product});
  LaneFactors factors{.terms = &c.terms, .elements = &c.elements, .open = held ? 0.0 : HUGE_VAL};
  for (int lane = 0; lane < kLanes; ++lane) {
    const Interval& bias = c.bias[static_cast<std::size_t>(lane)];
    factors.rows[lane] = c.weights[static_cast<std::size_t>(lane)].data();
    factors.inputs[lane] = inputs_of(c, lane);
    start.hi[lane] = bias.hi;
    start.neg_lo[lane] = -bias.lo;
    start.open[lane] = bias.lo == 0 && bias.hi == 0 ? 0.0 : HUGE_VAL;
  }
  std::vector<Pack> buffer;
  return lane_effect(dots, start, factors, buffer, machine);
}

// Encloses the sharper bound, and is wider by roundings of doubles at most.
void expect_close(const Interval& wide, const Interval& sharp, const std::string& where) {
  const double slack = 1e-13 * magnitude(sharp) + 1e-300;
  EXPECT_GE(wide.lo, sharp.lo - slack) << where;
  EXPECT_LE(wide.hi, sharp.hi + slack) << where;
  EXPECT_LE(wide.lo, sharp.lo + slack) << where;
  EXPECT_GE(wide.hi, sharp.hi - slack) << where;
}

TEST(DotLanes, AgreeWithOneAtATime) {
  std::int64_t compared = 0, given_up = 0;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    const Case c = make_case(seed);
    const auto dots = dots_of(c);
    if (!dots) continue;
    for (const LaneMachine machine : lane_machines()) {
      const LaneEffect known = eight_at_once(c, *dots, machine);
      for (int lane = 0; lane < kLanes; ++lane) {
        const DotEffect expected = one_at_a_time(c, lane);
        const std::string where = "seed " + std::to_string(seed) + " " + (c.formats.product ? c.formats.product->name : "exact") + " into " + (c.formats.accumulator ? c.formats.accumulator->name : "exact") + " order " + std::to_string(static_cast<int>(c.formats.order.kind)) + " machine " + std::to_string(static_cast<int>(machine));
        if (!known.fits[lane]) {
          ++given_up;
          continue;
        }
        ASSERT_FALSE(expected.product_overflow || expected.accumulator_overflow) << where;
        expect_close({-known.product_error.neg_lo[lane], known.product_error.hi[lane]}, expected.product_error, where);
        expect_close({-known.accumulator_error.neg_lo[lane], known.accumulator_error.hi[lane]}, expected.accumulator_error, where);
        ++compared;
      }
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(compared, 10 * 4000);
  EXPECT_GT(given_up, 100);
}

TEST(DotLanes, MachinesGiveTheSameBits) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Case c = make_case(seed);
    const auto dots = dots_of(c);
    if (!dots) continue;
    const LaneEffect plain = eight_at_once(c, *dots, LaneMachine::kPlain);
    for (const LaneMachine machine : lane_machines()) {
      const LaneEffect other = eight_at_once(c, *dots, machine);
      for (int lane = 0; lane < kLanes; ++lane) {
        ASSERT_EQ(plain.fits[lane], other.fits[lane]) << seed;
        if (!plain.fits[lane]) continue;
        EXPECT_EQ(plain.product_error.hi[lane], other.product_error.hi[lane]) << seed;
        EXPECT_EQ(plain.accumulator_error.hi[lane], other.accumulator_error.hi[lane]) << seed;
        EXPECT_EQ(plain.accumulator_error.neg_lo[lane], other.accumulator_error.neg_lo[lane]) << seed;
      }
    }
  }
}

}  // namespace
}  // namespace halfulp
