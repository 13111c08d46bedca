#include "rounding.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp::certificate {
namespace {

// Finite values of the format, outward where they outgrow double.
Interval limits_of(const Format& format) {
  const bool wide = format.family == FormatFamily::kFixed && format.width_bits > 53;
  const double high = wide ? next_up(largest(format)) : largest(format);
  if (format.overflow == OverflowMode::kSaturateSymmetric && format.is_signed) return {-high, high};
  return {wide ? next_down(lowest(format)) : lowest(format), high};
}

// Rounding changes nothing: the value is one of the format already.
bool is_exact(const Format& format, const Grid& grid) {
  if (grid.held && *grid.held == format) return true;
  return format.family == FormatFamily::kFixed && grid.lsb != Grid::kUnknown && grid.lsb >= -format.fraction_bits;
}

Interval plain_error(const Format& format, double reach) {
  if (!std::isfinite(reach)) return {-HUGE_VAL, HUGE_VAL};
  const double bound = max_rounding_error(format, reach);
  if (format.rounding == RoundingMode::kUp) return {0, bound};
  if (format.rounding == RoundingMode::kDown) return {-bound, 0};
  return {-bound, bound};
}

class Sum {
 public:
  Sum(const std::optional<Format>& accumulator, Grid grid, SumErrors& errors) : accumulator_(accumulator), grid_(std::move(grid)), errors_(errors) {}

  Interval add(const Interval& a, const Interval& b) {
    const Interval exact = a + b;
    if (!accumulator_) return exact;
    const Rounded rounded = round_range(*accumulator_, exact, grid_);
    errors_.error += rounded.error;
    errors_.overflow = errors_.overflow || rounded.overflow;
    return rounded.after;
  }

  Interval in_sequence(Interval start, const std::vector<Interval>& terms, std::size_t first, std::size_t last) {
    for (std::size_t k = first; k < last; ++k) start = add(start, terms[k]);
    return start;
  }

  Interval as_tree(std::vector<Interval> terms) {
    if (terms.empty()) return {0};
    while (terms.size() > 1) {
      std::vector<Interval> level;
      for (std::size_t k = 0; k + 1 < terms.size(); k += 2) level.push_back(add(terms[k], terms[k + 1]));
      if (terms.size() % 2 == 1) level.push_back(terms.back());
      terms = std::move(level);
    }
    return terms[0];
  }

 private:
  const std::optional<Format>& accumulator_;
  Grid grid_;
  SumErrors& errors_;
};

}  // namespace

int lsb_of(const Format& format) {
  return format.family == FormatFamily::kFixed ? -format.fraction_bits : format.emin - format.stored_significand_bits;
}

int lsb_of(double x) {
  if (x == 0) return Grid::kZero;
  int lsb = std::ilogb(x) - 52;
  while (std::fmod(x, std::ldexp(1.0, lsb + 1)) == 0) ++lsb;
  return lsb;
}

int lsb_product(int a, int b) {
  if (a == Grid::kUnknown || b == Grid::kUnknown) return Grid::kUnknown;
  const long long sum = static_cast<long long>(a) + b;
  return static_cast<int>(std::clamp<long long>(sum, Grid::kUnknown + 1LL, Grid::kZero));
}

Grid grid_after(const Format& format, const Grid& before, bool overflow) {
  Grid after{lsb_of(format), format};
  if (!overflow && is_exact(format, before) && before.lsb != Grid::kUnknown) after.lsb = std::max(after.lsb, before.lsb);
  return after;
}

Rounded round_range(const Format& format, const Interval& range, const Grid& grid) {
  Rounded result;
  const Interval limits = limits_of(format);
  const double reach = std::min(magnitude(range), magnitude(limits));
  if (!is_exact(format, grid)) result.error = plain_error(format, std::isfinite(range.lo) && std::isfinite(range.hi) ? reach : HUGE_VAL);
  const Interval rounded = range + result.error;
  result.after = {std::clamp(rounded.lo, limits.lo, limits.hi), std::clamp(rounded.hi, limits.lo, limits.hi)};
  if (range.lo >= limits.lo && range.hi <= limits.hi) return result;
  result.overflow = true;
  if (format.overflow == OverflowMode::kSaturate || format.overflow == OverflowMode::kSaturateSymmetric) {
    const double down = range.hi > limits.hi ? (Interval(limits.hi) - Interval(range.hi)).lo : 0;
    const double up = range.lo < limits.lo ? (Interval(limits.lo) - Interval(range.lo)).hi : 0;
    result.error = result.error + Interval(down, up);
  } else if (format.overflow == OverflowMode::kWrap) {
    result.after = limits;
    result.error = limits - range;
  } else {
    result.after = result.error = {-HUGE_VAL, HUGE_VAL};
  }
  return result;
}

SumErrors rounded_sum(const NodeFormats& formats, SumTerms terms) {
  SumErrors errors;
  if (formats.product) {
    const Grid grid{terms.product_lsb, std::nullopt};
    for (Interval& product : terms.products) {
      const Rounded rounded = round_range(*formats.product, product, grid);
      errors.error += rounded.error;
      errors.overflow = errors.overflow || rounded.overflow;
      product = rounded.after;
    }
    terms.product_lsb = grid_after(*formats.product, grid, errors.overflow).lsb;
  }
  errors.lsb = terms.product_lsb == Grid::kUnknown ? Grid::kUnknown : std::min(terms.product_lsb, terms.bias_lsb);
  Sum sum(formats.accumulator, {errors.lsb, std::nullopt}, errors);
  const std::size_t count = terms.products.size();
  if (formats.order.kind == SummationOrder::Kind::kSequential) {
    sum.in_sequence(terms.bias, terms.products, 0, count);
  } else if (formats.order.kind == SummationOrder::Kind::kTree) {
    sum.add(terms.bias, sum.as_tree(terms.products));
  } else {
    std::vector<Interval> blocks;
    const auto block = static_cast<std::size_t>(std::max<std::int64_t>(formats.order.block, 1));
    for (std::size_t first = 0; first < count; first += block) {
      blocks.push_back(sum.in_sequence(0.0, terms.products, first, std::min(count, first + block)));
    }
    sum.in_sequence(terms.bias, blocks, 0, blocks.size());
  }
  if (formats.accumulator) errors.lsb = grid_after(*formats.accumulator, {errors.lsb, std::nullopt}, errors.overflow).lsb;
  return errors;
}

}  // namespace halfulp::certificate
