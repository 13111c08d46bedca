// Steps of arithmetic as operations of hardware.
#include "operations.hpp"

#include <algorithm>

namespace halfulp {
namespace {

Operands result(int precision, int exponent_bits) {
  return {.bits = static_cast<double>(precision + exponent_bits),
          .precision = static_cast<double>(precision),
          .exponent_bits = static_cast<double>(exponent_bits)};
}

}  // namespace

void Operations::add(Operation operation, const Operands& operands, double count) {
  if (count > 0) uses.push_back({.operation = operation, .operands = operands, .count = count});
}

void Operations::multiply(const Carrier& a, const Carrier& b, double count) {
  const bool is_fixed = !a.is_float && !b.is_float;
  Operands operands = result(a.precision + b.precision, std::max(a.exponent_bits, b.exponent_bits));
  operands.left_bits = a.width_bits;
  operands.right_bits = b.width_bits;
  operands.left_precision = a.precision;
  operands.right_precision = b.precision;
  add(is_fixed ? Operation::kFixedMultiply : Operation::kFloatProduct, operands, count);
}

// One float unit rounds its product itself; it is as precise as the widest of operands and result.
void Operations::multiply_rounded(const Carrier& a, const Carrier& b, const Carrier& to, double count) {
  const Carrier exact = product_of(a, b);
  if (!exact.is_float || !to.is_float || holds(to, exact)) {
    multiply(a, b, count);
    return convert(exact, to, count);
  }
  Operands operands = result(std::max({a.precision, b.precision, to.precision}), to.exponent_bits);
  operands.left_bits = a.width_bits;
  operands.right_bits = b.width_bits;
  operands.left_precision = a.precision;
  operands.right_precision = b.precision;
  add(Operation::kFloatMultiply, operands, count);
}

void Operations::sum(const Carrier& a, const Carrier& b, double count) {
  const Carrier wider = either(a, b);
  if (!wider.is_float) return add(Operation::kFixedAdd, {.bits = static_cast<double>(wider.width_bits)}, count);
  add(Operation::kFloatAdd, result(wider.precision, wider.exponent_bits), count);
}

void Operations::convert(const Carrier& from, const Carrier& to, double count) {
  if (from.is_float == to.is_float && holds(to, from)) return;
  Operands operands = to.is_float ? result(to.precision, to.exponent_bits) : Operands{.bits = static_cast<double>(to.width_bits)};
  operands.in_bits = from.precision;
  operands.out_bits = to.width_bits;
  if (from.is_float) return add(to.is_float ? Operation::kFloatRound : Operation::kFloatToFixed, operands, count);
  add(to.is_float ? Operation::kFixedToFloat : Operation::kFixedRound, operands, count);
}

void Operations::accumulate(const Carrier& term, const Carrier& accumulator, bool is_exact, double count) {
  if (accumulator.is_float) {
    if (!term.is_float) convert(term, accumulator, count);
    const int precision = term.is_float ? std::max(term.precision, accumulator.precision) : accumulator.precision;
    return add(Operation::kFloatAdd, result(precision, std::max(term.exponent_bits, accumulator.exponent_bits)), count);
  }
  if (term.is_float) convert(term, accumulator, count);
  const Carrier sum = sum_of(term.is_float ? accumulator : either(term, accumulator), 2);
  add(Operation::kFixedAdd, {.bits = static_cast<double>(is_exact ? accumulator.width_bits : sum.width_bits)}, count);
  if (!is_exact) convert(sum, accumulator, count);
}

double parameter_bits(const CostModel::Counts& counts, const NodeFormats& formats) {
  const auto width = [](const std::optional<Format>& format) { return format ? static_cast<double>(format->width_bits) : 64; };
  return counts.weights * width(formats.weight) + counts.biases * width(formats.bias);
}

double activation_bits(const LoweredNode& node, const NodeFormats& formats) {
  return formats.output ? formats.output->width_bits * static_cast<double>(node.size) : 0;
}

}  // namespace halfulp
