#include "energy.hpp"

#include <vector>

namespace kmeans {
namespace {

using halfulp::Format;
using halfulp::Operands;
using halfulp::Operation;
using halfulp::OperationUse;

constexpr double kCountBits = 10;

bool is_float(const Format& format) { return format.family == halfulp::FormatFamily::kFloat; }
double precision(const Format& format) { return is_float(format) ? format.stored_significand_bits + 1 : format.width_bits; }

Operands result_in(const Format& format) {
  return {.out_bits = precision(format),
          .bits = static_cast<double>(format.width_bits),
          .precision = precision(format),
          .exponent_bits = static_cast<double>(format.exponent_bits)};
}

OperationUse addition(const Format& format, std::uint64_t count) {
  return {is_float(format) ? Operation::kFloatAdd : Operation::kFixedAdd, result_in(format), static_cast<double>(count)};
}

Operands factors(const Format& value, const Format& distance) {
  Operands operands = result_in(distance);
  operands.left_bits = operands.right_bits = value.width_bits;
  operands.left_precision = operands.right_precision = precision(value);
  return operands;
}

Operands narrowing(double from_bits, const Format& to) {
  Operands operands = result_in(to);
  operands.in_bits = from_bits;
  return operands;
}

std::vector<OperationUse> uses(const Formats& formats, const OperationCounts& counts) {
  const Format &value = *formats.value, &distance = *formats.distance, &sum = *formats.sum;
  const auto squares = static_cast<double>(counts.square);
  const Operation multiply = is_float(value) ? Operation::kFloatMultiply : Operation::kFixedMultiply;
  Operands quotient = result_in(value);
  quotient.left_bits = sum.width_bits;
  quotient.right_bits = kCountBits;
  std::vector<OperationUse> all = {
      addition(value, counts.subtract),
      {multiply, factors(value, distance), squares},
      addition(distance, counts.add),
      {Operation::kMaximum, result_in(distance), static_cast<double>(counts.compare)},
      addition(sum, counts.accumulate),
      {Operation::kFixedAdd, {.bits = kCountBits}, static_cast<double>(counts.count)},
      {Operation::kDivide, quotient, static_cast<double>(counts.divide)},
  };
  if (!is_float(value)) all.push_back({Operation::kFixedRound, narrowing(2 * precision(value), distance), squares});
  return all;
}

}  // namespace

double Energy::price(const OperationUse& use) const {
  double sum = 0;
  for (const auto& table : target_.tables) {
    if (table.operation == use.operation && table.component == "energy_pj") sum += table.look_up(use.operands);
  }
  return sum;
}

double Energy::of(const Formats& formats, const OperationCounts& counts) const {
  double sum = 0;
  for (const OperationUse& use : uses(formats, counts)) sum += use.count * price(use);
  return sum;
}

}  // namespace kmeans
