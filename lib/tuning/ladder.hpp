// The formats that one tensor may take, from narrow to wide. precision = -log2(largest rounding error over the tensor's range),
// so that one more bit of a fixed-point format is one more unit; formats that are not more precise than a narrower one, and
// formats that cannot hold the range, are left out.
#pragma once

#include <optional>
#include <vector>

#include "halfulp/tuning/tuning.hpp"

namespace halfulp {

struct Level {
  Format format;
  double precision = 0;
};

// How the ends of a range are fitted: constants are there already, so only their rounded values must fit; the ends of a
// proved range may be attained by values that have yet to be computed, so the ends themselves must fit.
enum class Fit : std::uint8_t { kRounded, kWhole };

// Never empty: if nothing holds the range, the one format that reaches farthest.
std::vector<Level> ladder(const std::vector<FormatPattern>& patterns, const Interval& range, Fit fit);
// The first level of at least that precision, else the last.
std::size_t level_at_least(const std::vector<Level>& levels, double precision);
// The most fraction bits with which a fixed-point format of that width holds the range; nullopt if none do.
std::optional<int> fraction_bits_for(int width_bits, bool is_signed, const Interval& range, Fit fit);
// The fewest integer bits (sign included) with which a fixed-point format of those fraction bits holds the range; nullopt if it
// is unbounded.
std::optional<int> integer_bits_for(int fraction_bits, bool is_signed, const Interval& range, Fit fit);

}  // namespace halfulp
