#include "panel_plan.hpp"

#include <algorithm>
#include <cmath>

#include "../../formats/kernels/element_plan.hpp"
#include "../value_grid.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp::sim {
namespace {

constexpr int kDoubleBits = 53;
constexpr int kBoundaryBits = 51;   // of a format whose roundings cannot tell a sum from the same rounded to odd
constexpr int kWidestPosit = 32;    // posits and takums of this width have boundaries of fewer bits

// All values and boundaries, those between stochastic decisions included, have at most this many significant bits.
std::optional<int> boundary_bits(const Format& format) {
  const int drawn = format.rounding == RoundingMode::kStochastic ? format.stochastic_bits : 1;
  switch (format.family) {
    case FormatFamily::kFixed: return format.width_bits + drawn;
    case FormatFamily::kFloat: return format.stored_significand_bits + 1 + drawn;
    case FormatFamily::kPosit:
    case FormatFamily::kTakum:
      if (format.width_bits > kWidestPosit) return std::nullopt;
      return format.width_bits + drawn;
    default: return std::nullopt;
  }
}

PanelRounding rounding_to(const Format& format, bool is_exact) {
  PanelRounding result{.format = &format, .plan = kernels::plan_elements<double>(format), .is_exact = is_exact};
  result.in_step = result.plan && kernels::rounds_in_step(*result.plan);
  return result;
}

// At most, of a value; kDoubleBits if unknown.
int significant_bits(const Format& format) {
  switch (format.family) {
    case FormatFamily::kFixed:
    case FormatFamily::kPosit: return std::min(format.width_bits, kDoubleBits);
    case FormatFamily::kFloat: return format.stored_significand_bits + 1;
    default: return kDoubleBits;
  }
}

bool is_nearest(RoundingMode mode) {
  return mode == RoundingMode::kNearestEven || mode == RoundingMode::kNearestAway || mode == RoundingMode::kNearestZero;
}

// Sequential sums whose rounding to double spoils nothing: the third case of tile_steps.cpp, whose second half needs a bound of the
// terms alone (|M| < 2 |p| there) and holds for posits too: their values and boundaries are multiples of the least one.
bool one_rounding_is_enough(const GemmOptions& options, int term_bits, double term_bound, const ValueGrid& sums, std::span<const double> starts) {
  const Format& format = *options.accumulator;
  if (options.compensated || options.order.kind != SummationOrder::Kind::kSequential ) return false;
  const bool is_posit = format.family == FormatFamily::kPosit && format.overflow == OverflowMode::kSaturate;
  const bool is_known = is_posit || (format.family == FormatFamily::kFloat && format.has_subnormals && !format.flush_subnormals);
  if (!is_known || !is_nearest(format.rounding)) return false;
  const int precision = is_posit ? format.width_bits : format.stored_significand_bits + 1;
  if (precision + term_bits + 2 >= kDoubleBits || !(term_bound < std::ldexp(1.0, sums.lsb + kDoubleBits - 3))) return false;
  return std::all_of(starts.begin(), starts.end(), [&](double x) { return round_to(format, x) == x; });
}

// An overflow to infinity or NaN, which the rounding inside a step does not know.
bool may_be_special(const Format& format) {
  return format.overflow == OverflowMode::kError || format.overflow == OverflowMode::kInfinity;
}

}  // namespace

// Wrapping needs the last bits of numbers far beyond the largest.
bool suits_rounding_to_odd(const Format& format, double bound) {
  const auto bits = boundary_bits(format);
  if (!bits || *bits > kBoundaryBits) return false;
  return format.overflow != OverflowMode::kWrap || std::ilogb(bound) + format.fraction_bits + *bits - format.width_bits < kBoundaryBits;
}

std::optional<PanelPlan> plan_panels(const GemmOptions& options, const Operand& a, const Operand& b, std::span<const double> starts) {
  if (!options.accumulator || !fits_double(*options.accumulator)) return std::nullopt;
  const Format& accumulator = *options.accumulator;
  const Operand start = examine(starts);
  ValueGrid terms = product_grid(a.grid(), b.grid());
  int term_bits = a.bits + b.bits;
  if (term_bits > kDoubleBits || !in_range(terms)) return std::nullopt;
  PanelPlan plan;
  std::optional<ValueGrid> grid = terms;
  if (options.product) {
    if (!fits_double(*options.product)) return std::nullopt;
    plan.product = rounding_to(*options.product, true);
    grid = grid_of(*options.product);
    terms.bound = std::max(largest(*options.product), -lowest(*options.product));
    term_bits = significant_bits(*options.product);
  }
  // Kahan's steps add up to two more values of the accumulator.
  const double most = 3 * std::max(largest(accumulator), -lowest(accumulator)) + terms.bound + start.bound;
  if (!(most < 0x1p1000)) return std::nullopt;
  const auto sums = grid_of(accumulator);
  if (grid && sums) {
    ValueGrid all = unite(unite(*grid, *sums), start.grid());
    all.bound = most;
    plan.sum.is_exact = sums_are_doubles(all);
  } else {
    plan.sum.is_exact = false;
  }
  if (!plan.sum.is_exact && sums) plan.sum.is_exact = one_rounding_is_enough(options, term_bits, terms.bound, *sums, starts);
  if (!plan.sum.is_exact && !suits_rounding_to_odd(accumulator, most)) return std::nullopt;
  plan.sum = rounding_to(accumulator, plan.sum.is_exact);
  if (options.product && may_be_special(*options.product)) plan.sum.in_step = false;
  return plan;
}

}  // namespace halfulp::sim
