// Number formats for the whole of K-means, in four families.
#pragma once

#include <string>
#include <vector>

#include "arithmetic.hpp"

namespace kmeans {

enum class Family {
  kFixed,        // fixed<W,I> for coordinates and distances alike
  kFixedPoints,  // fixed<W,I> for coordinates, fixed<W,J> for distances
  kFloat,        // float<E,P>
  kFloatScaled,  // float<E,P> on data times a power of two, which is another exponent bias
};

inline constexpr Family kFamilies[] = {Family::kFixed, Family::kFixedPoints, Family::kFloat, Family::kFloatScaled};
std::string name_of(Family family);

// All signals have `width_bits`, but for accumulators: they get 10 integer bits more (fixed) or 10 significand bits and an
// exponent bit more (float), so that the sum of up to 2^10 coordinates does not overflow and in fixed point is exact.
struct Candidate {
  Family family = Family::kFixed;
  std::string label;
  int width_bits = 0;
  Formats formats;
};

// What the search tries at one width: every split into exponent and significand, every sensible place of the binary point.
std::vector<Candidate> candidates(Family family, int width_bits);
// OCP's 8-bit formats e4m3 and e5m2, for comparison.
std::vector<Candidate> named_candidates();

}  // namespace kmeans
