// Steps of arithmetic as operations of hardware.
#include "operations.hpp"

#include <algorithm>

namespace halfulp {
namespace {

constexpr double kSharedExponentBits = 8;

Operands result(int precision, int exponent_bits) {
  return {.bits = static_cast<double>(precision + exponent_bits),
          .precision = static_cast<double>(precision),
          .exponent_bits = static_cast<double>(exponent_bits)};
}

Operands factors(const Carrier& a, const Carrier& b, int precision, int exponent_bits) {
  Operands operands = result(precision, exponent_bits);
  operands.left_bits = a.width_bits;
  operands.right_bits = b.width_bits;
  operands.left_precision = a.precision;
  operands.right_precision = b.precision;
  return operands;
}

// Storage of one value; the scale of a block counts its part, one of a tensor or channel nothing.
double storage_bits(const Format& format) {
  return format.width_bits + (format.block_size > 0 ? static_cast<double>(format.scale_bits) / format.block_size : 0);
}

}  // namespace

void Operations::add(Operation operation, const Operands& operands, double count) {
  if (count > 0) uses.push_back({.operation = operation, .operands = operands, .count = count});
}

Carrier Operations::decoded(const Carrier& carrier, double count) {
  Operands operands = result(carrier.precision, carrier.exponent_bits);
  operands.in_bits = carrier.width_bits;
  operands.out_bits = carrier.precision;
  if (carrier.coding == Coding::kTapered) add(Operation::kFixedToFloat, operands, count);
  if (carrier.coding == Coding::kLogarithm) add(Operation::kFunction, operands, count);
  return plain(carrier);
}

void Operations::multiply(const Carrier& a, const Carrier& b, double count) {
  if (a.coding == Coding::kLogarithm && b.coding == Coding::kLogarithm) {
    Operands operands = factors(a, b, std::max(a.precision, b.precision), 0);
    operands.bits = std::max(a.width_bits, b.width_bits);
    return add(Operation::kLogProduct, operands, count);
  }
  multiply_plain(decoded(a, count), decoded(b, count), count);
}

void Operations::multiply_plain(const Carrier& a, const Carrier& b, double count) {
  const bool is_fixed = !a.is_float && !b.is_float;
  add(is_fixed ? Operation::kFixedMultiply : Operation::kFloatProduct,
      factors(a, b, a.precision + b.precision, std::max(a.exponent_bits, b.exponent_bits)), count);
  const int block = a.block > 0 && b.block > 0 ? std::min(a.block, b.block) : std::max(a.block, b.block);
  if (block == 0) return;
  // Once a block: the shared exponents are added, the block's sum is shifted into place.
  const double precision = a.precision + b.precision;
  add(Operation::kFixedAdd, {.bits = kSharedExponentBits + 1}, count / block);
  add(Operation::kFloatToFixed, {.in_bits = precision, .out_bits = precision + kSharedExponentBits, .bits = precision}, count / block);
}

// One float unit rounds its product itself; it is as precise as the widest of operands and result.
void Operations::multiply_rounded(const Carrier& a, const Carrier& b, const Carrier& to, double count) {
  const Carrier exact = product_of(a, b);
  if (!exact.is_float || !to.is_float || exact.coding != Coding::kPlain || to.coding != Coding::kPlain || holds(to, exact)) {
    multiply(a, b, count);
    return convert(exact, to, count);
  }
  const Carrier x = decoded(a, count), y = decoded(b, count);
  add(Operation::kFloatMultiply, factors(x, y, std::max({x.precision, y.precision, to.precision}), to.exponent_bits), count);
}

void Operations::sum(const Carrier& a, const Carrier& b, double count) {
  const Carrier wider = either(decoded(a, count), decoded(b, count));
  if (!wider.is_float) return add(Operation::kFixedAdd, {.bits = static_cast<double>(wider.width_bits)}, count);
  add(Operation::kFloatAdd, result(wider.precision, wider.exponent_bits), count);
}

void Operations::convert(const Carrier& from, const Carrier& to, double count) {
  const bool same_kind = from.is_float == to.is_float && from.coding == to.coding;
  if (same_kind && holds(to, from)) return;
  convert_plain(decoded(from, count), plain(to), count);
  Operands operands = result(to.precision, to.exponent_bits);
  operands.in_bits = to.precision;
  operands.out_bits = to.width_bits;
  if (to.coding == Coding::kTapered) add(Operation::kFixedToFloat, operands, count);
  if (to.coding == Coding::kLogarithm) add(Operation::kFunction, operands, count);
}

void Operations::convert_plain(const Carrier& from, const Carrier& to, double count) {
  if (from.is_float == to.is_float && holds(to, from)) return;
  Operands operands = to.is_float ? result(to.precision, to.exponent_bits) : Operands{.bits = static_cast<double>(to.width_bits)};
  operands.in_bits = from.precision;
  operands.out_bits = to.width_bits;
  if (from.is_float) return add(to.is_float ? Operation::kFloatRound : Operation::kFloatToFixed, operands, count);
  add(to.is_float ? Operation::kFixedToFloat : Operation::kFixedRound, operands, count);
}

void Operations::accumulate(const Carrier& term, const Carrier& accumulator, bool is_exact, double count) {
  if (accumulator.coding != Coding::kPlain) {
    sum(term, accumulator, count);
    return convert(either(plain(term), plain(accumulator)), accumulator, count);
  }
  const Carrier value = decoded(term, count);
  if (accumulator.is_float) {
    if (!value.is_float) convert(value, accumulator, count);
    const int precision = value.is_float ? std::max(value.precision, accumulator.precision) : accumulator.precision;
    return add(Operation::kFloatAdd, result(precision, std::max(value.exponent_bits, accumulator.exponent_bits)), count);
  }
  if (value.is_float) convert(value, accumulator, count);
  const Carrier sum = sum_of(value.is_float ? accumulator : either(value, accumulator), 2);
  add(Operation::kFixedAdd, {.bits = static_cast<double>(is_exact ? accumulator.width_bits : sum.width_bits)}, count);
  if (!is_exact) convert(sum, accumulator, count);
}

double parameter_bits(const CostModel::Counts& counts, const NodeFormats& formats) {
  const auto width = [](const std::optional<Format>& format) { return format ? storage_bits(*format) : 64; };
  return counts.weights * width(formats.weight) + counts.biases * width(formats.bias);
}

double activation_bits(const LoweredNode& node, const NodeFormats& formats) {
  return formats.output ? storage_bits(*formats.output) * static_cast<double>(node.size) : 0;
}

}  // namespace halfulp
