// Rounding of float32 to lns by a table. Within a binade the rounded value is a step function of the significand, the same in every
// binade; a segment of 2^-(F+1) holds one step at most, since steps are at least 2^(2^-F) - 1 > 0.69 2^-F apart. Each step is found
// by asking the scalar path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "halfulp/formats/format.hpp"

namespace halfulp::kernels {

class LogarithmTable {
 public:
  // nullopt: not lns, a rounding mode without a table (odd, stochastic), too many fraction bits, or too few numbers to be worth it.
  static std::optional<LogarithmTable> make(const Format& format, std::size_t count);

  void round(const float* in, float* out, std::size_t count) const;

 private:
  // Significands from `step` on have the value `above`.
  struct Segment {
    std::uint32_t step;
    float below, above;
  };
  using Segments = std::vector<Segment>;

  LogarithmTable(const Format& format, int shift);
  Segments segments(bool negative) const;
  float value(std::uint32_t significand, bool negative) const;

  const Format* format_;
  int shift_;                        // from a stored significand to the number of its segment
  std::uint32_t least_, most_;       // bit patterns between which the table holds
  Segments positive_, negative_;     // the latter of magnitudes; empty: the former
};

}  // namespace halfulp::kernels
