#include "kernels/inputs.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "halfulp/formats/round.hpp"

namespace halfulp::test {
namespace {

// Patterns of `bits` low bits: zero, one bit, and the neighbours of one bit.
std::vector<std::uint64_t> tie_patterns(int bits) {
  std::vector<std::uint64_t> patterns = {0, 1, 2, 3};
  for (int i = 2; i < bits; ++i) {
    for (const std::uint64_t near : {-1, 0, 1}) patterns.push_back((std::uint64_t{1} << i) + near);
  }
  patterns.push_back((std::uint64_t{1} << bits) - 1);
  return patterns;
}

}  // namespace

Format format_of(const std::string& spelling) {
  const auto format = parse_format(spelling);
  if (!format) {
    std::cerr << "no format " << spelling << "\n";
    std::abort();
  }
  return *format;
}

std::vector<float> stratified_floats() {
  std::vector<float> values;
  const auto patterns = tie_patterns(16);
  for (std::uint32_t upper = 0; upper < 1u << 16; ++upper) {
    for (const std::uint64_t lower : patterns) values.push_back(std::bit_cast<float>(upper << 16 | static_cast<std::uint32_t>(lower)));
  }
  return values;
}

std::vector<double> stratified_doubles() {
  std::vector<double> values;
  const auto patterns = tie_patterns(50);
  for (std::uint64_t upper = 0; upper < 1u << 14; upper += 11) {
    for (const std::uint64_t lower : patterns) values.push_back(std::bit_cast<double>(upper << 50 | lower));
  }
  for (std::uint32_t i = 0; i < 20000; ++i) {
    const double x = std::ldexp(random_bits(1, 1, i) * 0x1p-31 - 1, static_cast<int>(i % 40) - 24);
    const double tie = std::ldexp(std::round(std::ldexp(x, 9)), -9);
    for (const double near : {x, tie, std::nextafter(tie, 9.0), std::nextafter(tie, -9.0)}) values.push_back(near);
  }
  return values;
}

}  // namespace halfulp::test
