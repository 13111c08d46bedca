// Every operation of K-means, rounded once to the format of its result and counted.
//
// Operands are values of formats with p <= 25 significant bits, so one operation in double followed by the rounding is the
// correctly rounded result: a double either holds the exact result or has 53 >= 2 p + 2 bits of it (Figueroa, "When is double
// rounding innocuous?", SIGNUM Newsletter 30, 1995).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "halfulp/formats/format.hpp"

namespace kmeans {

struct Formats {
  std::optional<halfulp::Format> value;     // coordinates, differences, centroids
  std::optional<halfulp::Format> distance;  // squares and their sums
  std::optional<halfulp::Format> sum;       // accumulators of the coordinates of a cluster
  int scale_exponent = 0;                   // the data are taken times 2^scale_exponent
};

struct OperationCounts {
  std::uint64_t subtract = 0;    // value - value -> value
  std::uint64_t square = 0;      // value * value -> distance
  std::uint64_t add = 0;         // distance + distance -> distance
  std::uint64_t compare = 0;     // distance < distance
  std::uint64_t accumulate = 0;  // sum + value -> sum
  std::uint64_t count = 0;       // integer + 1
  std::uint64_t divide = 0;      // sum / integer -> value
};

// Without formats: double arithmetic.
class Arithmetic {
 public:
  explicit Arithmetic(const Formats& formats) : formats_(formats) {}

  // Data on entry, scaled and rounded, and results on exit; no operations.
  void enter(std::span<double> values) const;
  void leave(std::span<double> values) const;
  void subtract(std::span<const double> a, double b, std::span<double> out);
  void square(std::span<double> values);
  void add(std::span<const double> a, std::span<double> in_out);
  bool less(double a, double b);
  double accumulate(double sum, double value);
  std::uint64_t count(std::uint64_t members);
  double divide(double sum, std::uint64_t members);

  const OperationCounts& counts() const { return counts_; }

 private:
  static void round(const std::optional<halfulp::Format>& format, std::span<double> values);

  Formats formats_;
  OperationCounts counts_;
};

}  // namespace kmeans
