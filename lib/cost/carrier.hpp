// How a value travels through the hardware: a fixed word, or a float. What no format rounds is carried exactly, in the smallest
// word that the formats before it make necessary.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "halfulp/cost/cost.hpp"

namespace halfulp {

// Arithmetic works on plain words. Tapered codes (posit, takum) pass a normaliser on the way in and out, logarithms a function.
enum class Coding : std::uint8_t { kPlain, kTapered, kLogarithm };

struct Carrier {
  bool is_float = false;
  int width_bits = 0;     // stored
  int precision = 0;      // bits of a significand; fixed: the width
  int exponent_bits = 0;  // 0 for fixed
  int low = 0;            // the lowest bit weighs 2^low
  int span_bits = 0;      // of the fixed word that holds every value; fixed: the width
  Coding coding = Coding::kPlain;
  int block = 0;          // values that share an exponent; 0 = none do

  int high() const { return low + span_bits; }
};

Carrier carrier_of(const Format& format);
// A float of any split; `low` is the exponent of the lowest bit, `emax` of the largest number.
Carrier float_carrier(int width_bits, int precision, int exponent_bits, int low, int emax);
// The same value as a plain word.
Carrier plain(Carrier carrier);
Carrier fixed_carrier(int low, int width_bits);
// The exact product of two values.
Carrier product_of(const Carrier& a, const Carrier& b);
// The fixed word that holds every sum of `terms` values.
Carrier sum_of(const Carrier& term, double terms);
// A carrier for either of two values.
Carrier either(const Carrier& a, const Carrier& b);
// Every value of `from` is one of `to`: no rounding is needed.
bool holds(const Carrier& to, const Carrier& from);

// How the values of nodes arrive at their consumers.
class Carriers {
 public:
  Carriers(const Target& target, const LoweredGraph& graph, const FormatAssignment& formats, const std::vector<CostModel::Counts>& counts,
           const AccumulatorBits& accumulator_bits);

  const Carrier& of(NodeId id);
  // Of a parameter in the format of its role; without one it is the double that is stored.
  Carrier parameter(const std::optional<Format>& format) const;
  // Of the sum before the output's rounding (Linear and Dot).
  Carrier accumulator(NodeId id, const Carrier& product);
  Carrier product(NodeId id);

 private:
  Carrier compute(NodeId id);
  Carrier unrounded(NodeId id);
  Carrier unrounded_binary(NodeId id, const BinaryForm& form);

  const Target& target_;
  const LoweredGraph& graph_;
  const FormatAssignment& formats_;
  const std::vector<CostModel::Counts>& counts_;
  const AccumulatorBits& accumulator_bits_;
  std::vector<std::optional<Carrier>> known_;
};

}  // namespace halfulp
