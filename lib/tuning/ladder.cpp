#include "ladder.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/formats/round.hpp"

namespace halfulp {
namespace {

constexpr int kExponentLimit = 900;

// Codes are integers, exact as doubles up to rounding that does not change these comparisons: above 2^53 a double is an integer.
bool fits(int width, bool is_signed, int fraction, const Interval& range, Fit fit) {
  const double high = std::ldexp(range.hi, fraction), low = std::ldexp(range.lo, fraction);
  const double top = fit == Fit::kRounded ? std::nearbyint(high) : std::ceil(high);
  const double bottom = fit == Fit::kRounded ? std::nearbyint(low) : std::floor(low);
  const double limit = std::ldexp(1.0, is_signed ? width - 1 : width);
  return top < limit && bottom >= (is_signed ? -limit : 0);
}

double precision_of(const Format& format, double magnitude_bound) {
  if (format.family == FormatFamily::kFixed) {
    return format.fraction_bits + (unit_roundoff(format) == 0 && format.rounding <= RoundingMode::kNearestZero ? 1 : 0);
  }
  const double error = max_rounding_error(format, magnitude_bound > 0 ? magnitude_bound : smallest_positive(format));
  return error > 0 ? -std::log2(error) : 1074;
}

bool holds(const Format& format, const Interval& range) { return lowest(format) <= range.lo && range.hi <= largest(format); }

void add_fixed_family(const FormatPattern& pattern, const Interval& range, Fit fit, std::vector<Level>& levels) {
  for (int width = pattern.min_width; width <= pattern.max_width; ++width) {
    const auto fraction = fraction_bits_for(width, pattern.is_signed, range, fit);
    if (!fraction) continue;
    const Format format = pattern.is_signed ? make_fixed(width, width - *fraction) : make_ufixed(width, width - *fraction);
    levels.push_back({format, precision_of(format, magnitude(range))});
  }
}

Level farthest(const std::vector<FormatPattern>& patterns, double magnitude_bound) {
  std::optional<Format> best;
  for (const FormatPattern& pattern : patterns) {
    const int width = pattern.max_width;
    const Format format = pattern.single ? *pattern.single : pattern.is_signed ? make_fixed(width, width / 2) : make_ufixed(width, width / 2);
    if (!best || largest(format) > largest(*best)) best = format;
  }
  return {*best, precision_of(*best, std::min(magnitude_bound, largest(*best)))};
}

std::vector<Level> rising(std::vector<Level> levels) {
  std::stable_sort(levels.begin(), levels.end(), [](const Level& a, const Level& b) {
    if (a.format.width_bits != b.format.width_bits) return a.format.width_bits < b.format.width_bits;
    return a.precision > b.precision;
  });
  std::vector<Level> kept;
  for (Level& level : levels) {
    if (kept.empty() || level.precision > kept.back().precision) kept.push_back(std::move(level));
  }
  return kept;
}

}  // namespace

std::optional<int> fraction_bits_for(int width_bits, bool is_signed, const Interval& range, Fit fit) {
  const double reach = magnitude(range);
  if (!std::isfinite(reach)) return std::nullopt;
  const int magnitude_bits = is_signed ? width_bits - 1 : width_bits;
  if (reach == 0) return magnitude_bits;
  // -2^k needs one bit less than +2^k, hence the first guess; rounding up at the top may need one more.
  const int guess = std::min(magnitude_bits - std::ilogb(reach), kExponentLimit);
  for (int fraction = guess; fraction >= guess - 2; --fraction) {
    if (std::abs(fraction) <= kExponentLimit && fits(width_bits, is_signed, fraction, range, fit)) return fraction;
  }
  return std::nullopt;
}

std::optional<int> integer_bits_for(int fraction_bits, bool is_signed, const Interval& range, Fit fit) {
  const double reach = magnitude(range);
  if (!std::isfinite(reach) || (!is_signed && range.lo < 0)) return std::nullopt;
  const int sign = is_signed ? 1 : 0;
  if (reach == 0) return 1 - fraction_bits;
  int bits = std::max(std::ilogb(reach) + sign, 1 - fraction_bits);
  while (!fits(bits + fraction_bits, is_signed, fraction_bits, range, fit)) ++bits;
  return bits;
}

std::vector<Level> ladder(const std::vector<FormatPattern>& patterns, const Interval& range, Fit fit) {
  std::vector<Level> levels;
  for (const FormatPattern& pattern : patterns) {
    if (pattern.is_fixed_family) {
      add_fixed_family(pattern, range, fit, levels);
    } else if (holds(*pattern.single, range)) {
      levels.push_back({*pattern.single, precision_of(*pattern.single, magnitude(range))});
    }
  }
  if (levels.empty()) return {farthest(patterns, magnitude(range))};
  return rising(std::move(levels));
}

std::size_t level_at_least(const std::vector<Level>& levels, double precision) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].precision >= precision - 1e-9) return i;
  }
  return levels.size() - 1;
}

}  // namespace halfulp
