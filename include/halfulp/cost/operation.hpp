// The operations that hardware performs for a deployed network, and tables of what one of them costs.
//
// A table gives one component (LUTs, picojoules, ...) of one operation on a grid of zero, one or two axes; several tables for the same
// operation and component add up. Between grid points a table interpolates, beyond its ends it continues its last segment and
// never falls below zero:
//   linear: piecewise (bi)linear in the axes;
//   power:  piecewise (bi)linear in the logarithms of axes and values, that is y = c x^a between two points (positive values only).
// A grid point gives its table entry exactly. Where a table is non-decreasing, so is what it interpolates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace halfulp {

enum class Operation : std::uint8_t {
  kFixedMultiply,     // exact product of left_bits x right_bits, two's complement
  kFixedAdd,          // sum on `bits` bits
  kFixedRound,        // fixed of in_bits rounded to fixed of out_bits, saturating
  kFloatMultiply,     // product rounded to `precision` bits and `exponent_bits`
  kFloatProduct,      // exact product of significands of left_precision x right_precision bits
  kFloatAdd,          // sum rounded to `precision` bits and `exponent_bits`
  kFloatRound,        // a significand of in_bits rounded to `precision` bits and `exponent_bits`
  kFloatToFixed,      // a significand of in_bits shifted into a fixed word of out_bits
  kFixedToFloat,      // a fixed word of in_bits normalised and rounded to `precision` bits
  kMaximum,           // the larger of two values of `bits` bits
  kSelect,            // relu and clamps: a value of `bits` bits or a constant
  kDivide,            // quotient of left_bits by right_bits with out_bits result bits
  kFunction,          // tanh, exp, ...: in_bits to out_bits
  kParameterRead,     // one bit of a weight or bias, from a memory of `kilobytes`
  kActivationRead,    // one bit of an activation
  kActivationWrite,
  kLogProduct,        // the sum of two logarithms of left_bits and right_bits; `bits` is the wider
};

struct Operands {
  double left_bits = 0, right_bits = 0;            // storage widths
  double left_precision = 0, right_precision = 0;  // significand bits, the hidden one included; fixed: the width
  double in_bits = 0, out_bits = 0;
  double bits = 0;
  double precision = 0, exponent_bits = 0;         // of the result
  double kilobytes = 0;                            // 1024 bytes each
};

struct OperationUse {
  Operation operation = Operation::kFixedAdd;
  Operands operands;
  double count = 0;  // how often one inference does it
};

enum class Axis : std::uint8_t {
  kLeftBits, kRightBits, kBitsProduct, kLeftPrecision, kRightPrecision, kPrecisionProduct, kInBits, kOutBits, kBits, kPrecision,
  kExponentBits, kKilobytes
};

double value_of(Axis axis, const Operands& operands);

enum class Interpolation : std::uint8_t { kLinear, kPower };

struct OperationTable {
  Operation operation = Operation::kFixedAdd;
  std::string component;                  // the target's own word: "luts", "energy_pj"
  std::vector<Axis> axes;                 // at most two
  std::vector<std::vector<double>> grid;  // one strictly increasing list an axis
  std::vector<double> values;             // row-major; one number for no axes
  Interpolation interpolation = Interpolation::kLinear;

  double look_up(const Operands& operands) const;
};

// Spellings used in target files, "fixed_multiply" and "left_bits"; nothing for an unknown one.
std::optional<Operation> operation_of(const std::string& name);
std::optional<Axis> axis_of(const std::string& name);
std::vector<std::string> operation_spellings();
std::vector<std::string> axis_spellings();

}  // namespace halfulp
