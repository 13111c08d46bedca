#include "dot_lanes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace halfulp {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<double>::max();

// What one kernel call works on; a tree keeps a level of its sums in `products`.
struct Job {
  const LaneRounding* product;      // nullptr: exact products
  const LaneRounding* accumulator;
  SummationOrder order;
  bool rounded_sums;
  const LaneFactors* factors;
  const Pack* start;
  const std::int64_t* terms;
  const std::int64_t* elements;
  std::size_t count;
  Pack* products;
  LaneEffect* effect;
};

namespace lanes_plain {
#include "dot_lanes_kernel.inc"
}  // namespace lanes_plain

#if defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2")
namespace lanes_avx2 {
#include "dot_lanes_kernel.inc"
}  // namespace lanes_avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
namespace lanes_avx512 {
#include "dot_lanes_kernel.inc"
}  // namespace lanes_avx512
#pragma GCC pop_options
#endif

void run(const Job& job, LaneMachine machine) {
#if defined(__x86_64__)
  if (machine == LaneMachine::kAvx512) return lanes_avx512::run(job);
  if (machine == LaneMachine::kAvx2) return lanes_avx2::run(job);
#endif
  lanes_plain::run(job);
}

bool is_nearest(RoundingMode mode) {
  return mode == RoundingMode::kNearestEven || mode == RoundingMode::kNearestAway || mode == RoundingMode::kNearestZero;
}

}  // namespace

std::optional<LaneRounding> lane_rounding(const Format* format, const ValueGrid& grid) {
  LaneRounding rule{.lowest = -kLargest, .highest = kLargest, .smallest = std::numeric_limits<double>::min()};
  if (format == nullptr) return rule;
  const bool is_float = format->family == FormatFamily::kFloat && format->has_subnormals && !format->flush_subnormals;
  if (!is_float && format->family != FormatFamily::kFixed) return std::nullopt;
  const Interval limits = format_limits(*format);
  rule.lowest = limits.lo;
  rule.highest = limits.hi;
  rule.to_candidate = is_nearest(format->rounding) && !format->flush_subnormals ? 0.0 : kInfinity;
  if (is_exact_on(*format, grid)) return rule;
  rule.beyond = is_nearest(format->rounding) || format->rounding == RoundingMode::kTowardZero ? 0.0 : kInfinity;
  rule.up = format->rounding == RoundingMode::kDown ? 0.0 : 1.0;
  rule.down = format->rounding == RoundingMode::kUp ? 0.0 : 1.0;
  if (is_float) {
    rule.scale = std::ldexp(1.0, -format->stored_significand_bits - (is_nearest(format->rounding) ? 1 : 0));
    rule.smallest = std::max(rule.smallest, smallest_normal(*format));
  }
  // At the finest spacing, which float formats have at their smallest normal number and fixed formats everywhere.
  rule.floor = max_rounding_error(*format, is_float ? smallest_normal(*format) : std::min(magnitude(limits), kLargest));
  return rule;
}

std::vector<LaneMachine> lane_machines() {
  std::vector<LaneMachine> machines = {LaneMachine::kPlain};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) machines.push_back(LaneMachine::kAvx2);
  if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) machines.push_back(LaneMachine::kAvx512);
#endif
  return machines;
}

LaneEffect lane_effect(const LaneDots& dots, const Pack& start, const LaneFactors& factors, std::vector<Pack>& buffer) {
  static const LaneMachine widest = lane_machines().back();
  return lane_effect(dots, start, factors, buffer, widest);
}

LaneEffect lane_effect(const LaneDots& dots, const Pack& start, const LaneFactors& factors, std::vector<Pack>& buffer, LaneMachine machine) {
  const std::size_t count = factors.terms->size();
  if (dots.order.kind == SummationOrder::Kind::kTree && buffer.size() < count) buffer.resize(count);
  LaneEffect effect{};
  run({.product = dots.product ? &*dots.product : nullptr, .accumulator = &dots.accumulator, .order = dots.order,
       .rounded_sums = dots.rounded_sums, .factors = &factors, .start = &start, .terms = factors.terms->data(), .elements = factors.elements->data(),
       .count = count, .products = buffer.data(), .effect = &effect}, machine);
  return effect;
}

}  // namespace halfulp
