#include "candidate.hpp"

#include <algorithm>

#include "halfulp/support/assert.hpp"

namespace kmeans {
namespace {

using halfulp::Format;

constexpr int kGuardBits = 10;
constexpr int kMaxExponentBits = 6;

Candidate fixed_candidate(Family family, int width_bits, int integer_bits, int distance_integer_bits) {
  Formats formats;
  formats.value = halfulp::make_fixed(width_bits, integer_bits);
  formats.distance = halfulp::make_fixed(width_bits, distance_integer_bits);
  formats.sum = halfulp::make_fixed(width_bits + kGuardBits, integer_bits + kGuardBits);
  const std::string label = formats.value->name + (family == Family::kFixed ? "" : " " + formats.distance->name);
  return {family, label, width_bits, formats};
}

Candidate float_candidate(Family family, const Format& format, int scale_exponent) {
  Formats formats;
  formats.value = formats.distance = format;
  formats.sum = halfulp::make_float(format.exponent_bits + 1, format.stored_significand_bits + kGuardBits);
  formats.scale_exponent = scale_exponent;
  const std::string label = format.name + (family == Family::kFloat ? "" : " x 2^" + std::to_string(scale_exponent));
  return {family, label, format.width_bits, formats};
}

std::vector<Candidate> fixed_candidates(int width_bits) {
  std::vector<Candidate> all;
  for (int integer_bits = 0; integer_bits <= 3; ++integer_bits) {
    all.push_back(fixed_candidate(Family::kFixed, width_bits, integer_bits, integer_bits));
  }
  return all;
}

// Coordinates lie in [-1, 1] and differences in [-2, 2], so nothing is gained by more than 2 integer bits, nor below 0.
std::vector<Candidate> fixed_points_candidates(int width_bits) {
  std::vector<Candidate> all;
  for (int integer_bits = 0; integer_bits <= 2; ++integer_bits) {
    for (int distance_bits = -5; distance_bits <= 1; ++distance_bits) {
      all.push_back(fixed_candidate(Family::kFixedPoints, width_bits, integer_bits, distance_bits));
    }
  }
  return all;
}

std::vector<Candidate> float_candidates(Family family, int width_bits) {
  const int most_scale = family == Family::kFloat ? 0 : 5;
  std::vector<Candidate> all;
  for (int exponent_bits = 2; exponent_bits <= std::min(kMaxExponentBits, width_bits - 2); ++exponent_bits) {
    const Format format = halfulp::make_float(exponent_bits, width_bits - 1 - exponent_bits);
    for (int scale = 0; scale <= most_scale; ++scale) all.push_back(float_candidate(family, format, scale));
  }
  return all;
}

}  // namespace

std::string name_of(Family family) {
  switch (family) {
    case Family::kFixed: return "fixed";
    case Family::kFixedPoints: return "fixed, two points";
    case Family::kFloat: return "float";
    case Family::kFloatScaled: return "float, scaled";
  }
  return {};
}

std::vector<Candidate> candidates(Family family, int width_bits) {
  switch (family) {
    case Family::kFixed: return fixed_candidates(width_bits);
    case Family::kFixedPoints: return fixed_points_candidates(width_bits);
    case Family::kFloat:
    case Family::kFloatScaled: break;
  }
  return float_candidates(family, width_bits);
}

std::vector<Candidate> named_candidates() {
  std::vector<Candidate> all;
  for (const char* name : {"e4m3", "e5m2"}) {
    const auto format = halfulp::parse_format(name);
    HALFULP_ASSERT(format.has_value());
    all.push_back(float_candidate(Family::kFloat, *format, 0));
  }
  return all;
}

}  // namespace kmeans
