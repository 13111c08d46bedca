// Differences of an element-wise function between two nearby points, f(v + e) - f(v), v in R and e in E, v + e in D:
// enclosed as S e (S the chord slopes), and as lambda e + rest with one exact slope lambda and a bounded rest. The second form
// keeps later reverse passes free of slope intervals: what the slope leaves open is paid once, as |rest|.
//
// For a convex f the chord slope grows with both end points, so S lies between the chords of the lowest and of the highest pair.
#pragma once

#include "unary_rules.hpp"

namespace halfulp {

// Chord slopes over all pairs (v, v^) in real x deployed.
template <typename I>
I chord_slopes(const UnaryForm& form, double slope, const I& real, const I& deployed);

struct SlopeSplit {
  double lambda = 0;
  Interval rest;   // f(v + e) - f(v) - lambda e
};
SlopeSplit split_slope(const UnaryForm& form, double slope, const Interval& chords, const Interval& real, const Interval& error);

}  // namespace halfulp
