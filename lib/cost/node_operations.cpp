// Which steps each of the eight forms takes.
#include <bit>
#include <cstdlib>

#include "operations.hpp"
#include "overloaded.hpp"

namespace halfulp {
namespace {

class NodeSteps {
 public:
  NodeSteps(const LoweredGraph& graph, const FormatAssignment& formats, NodeId id, const CostModel::Counts& counts, Carriers& carriers)
      : node_(graph[id]), formats_(formats[static_cast<std::size_t>(id)]), id_(id), counts_(counts), carriers_(carriers),
        outputs_(static_cast<double>(node_.size)), result_(carriers.of(id)) {}

  void operator()(const SourceForm&) {}
  void operator()(const GatherForm&) {
    if (!node_.operands.empty()) finish(widest_operand());
  }
  void operator()(const LinearForm& form) {
    if (form.map.has_stored_weights) return multiply_and_add(operand(0), carriers_.parameter(formats_.weight));
    if (formats_.product) steps_.convert(operand(0), carrier_of(*formats_.product), counts_.terms);
    add_up();
  }
  void operator()(const DotForm&) { multiply_and_add(operand(0), operand(1)); }
  void operator()(const MaxForm&) {
    steps_.add(Operation::kMaximum, {.bits = width(operand(0))}, counts_.terms);
    finish(operand(0));
  }
  void operator()(const SoftmaxForm&) {
    const Carrier& x = operand(0);
    const double groups = outputs_ / counts_.longest_sum;
    steps_.add(Operation::kMaximum, {.bits = width(x)}, outputs_ - groups);
    steps_.sum(x, x, outputs_);
    function(x, outputs_);
    const Carrier total = sum_of(result_, counts_.longest_sum);
    steps_.accumulate(result_, total, true, outputs_);
    divide(result_, total);
  }
  void operator()(const UnaryForm& form);
  void operator()(const BinaryForm& form);

  Operations steps_;

 private:
  static double width(const Carrier& carrier) { return carrier.width_bits; }
  const Carrier& operand(std::size_t which) { return carriers_.of(node_.operands.at(which)); }
  Carrier widest_operand() {
    Carrier widest = operand(0);
    for (const NodeId each : node_.operands) widest = either(widest, carriers_.of(each));
    return widest;
  }
  // Rounds a value to the output's format, once an element.
  void finish(const Carrier& value) {
    if (formats_.output) steps_.convert(value, result_, outputs_);
  }
  void function(const Carrier& x, double count) {
    steps_.add(Operation::kFunction, {.in_bits = width(x), .out_bits = width(result_), .bits = width(result_)}, count);
  }
  void divide(const Carrier& a, const Carrier& b) {
    steps_.add(Operation::kDivide,
               {.left_bits = width(a), .right_bits = width(b), .out_bits = width(result_), .bits = width(result_)}, outputs_);
  }
  void multiply_and_add(const Carrier& a, const Carrier& b) {
    if (formats_.product) {
      steps_.multiply_rounded(a, b, carrier_of(*formats_.product), counts_.terms);
    } else {
      steps_.multiply(a, b, counts_.terms);
    }
    add_up();
  }
  void add_up() {
    const Carrier term = carriers_.product(id_);
    const Carrier accumulator = carriers_.accumulator(id_, term);
    steps_.accumulate(term, accumulator, !formats_.accumulator, counts_.terms);
    // Division by a constant is a multiplication by its reciprocal to the output's precision.
    steps_.multiply(accumulator, result_, counts_.scaled_outputs);
    finish(accumulator);
  }
  void power(int exponent);

  const LoweredNode& node_;
  const NodeFormats& formats_;
  const NodeId id_;
  const CostModel::Counts& counts_;
  Carriers& carriers_;
  const double outputs_;
  const Carrier result_;
};

// x^n by repeated squaring, every product as wide as the result.
void NodeSteps::power(int exponent) {
  const auto magnitude = static_cast<unsigned>(std::abs(exponent));
  const int products = magnitude == 0 ? 0 : std::bit_width(magnitude) + std::popcount(magnitude) - 2;
  steps_.multiply(operand(0), result_, products * outputs_);
  if (exponent < 0) divide(result_, result_);
}

void NodeSteps::operator()(const UnaryForm& form) {
  const Carrier& x = operand(0);
  switch (form.kind) {
    case UnaryKind::kNeg:
    case UnaryKind::kAbs:
      if (!x.is_float) steps_.add(Operation::kFixedAdd, {.bits = width(x)}, outputs_);
      return finish(x);
    case UnaryKind::kRelu:
    case UnaryKind::kHardtanh:
      steps_.add(Operation::kSelect, {.bits = width(x)}, outputs_);
      return finish(x);
    case UnaryKind::kLeakyRelu: {
      const Carrier slope = carriers_.parameter(formats_.weight);
      steps_.multiply(x, slope, outputs_);
      steps_.add(Operation::kSelect, {.bits = width(x)}, outputs_);
      return finish(product_of(x, slope));
    }
    case UnaryKind::kPower: return power(form.exponent);
    default: return function(x, outputs_);
  }
}

void NodeSteps::operator()(const BinaryForm& form) {
  const bool scales = form.kind == BinaryKind::kMultiply || form.kind == BinaryKind::kDivide;
  const Carrier constant = carriers_.parameter(scales ? formats_.weight : formats_.bias);
  const Carrier left = form.left_is_constant ? constant : operand(0);
  const Carrier right = form.right_is_constant ? constant : operand(1);
  switch (form.kind) {
    case BinaryKind::kAdd:
    case BinaryKind::kSubtract:
      steps_.sum(left, right, outputs_);
      return finish(sum_of(either(left, right), 2));
    case BinaryKind::kMultiply:
      if (formats_.output) return steps_.multiply_rounded(left, right, result_, outputs_);
      return steps_.multiply(left, right, outputs_);
    case BinaryKind::kDivide: return divide(left, right);
  }
}

}  // namespace

std::vector<OperationUse> operations_of(const LoweredGraph& graph, const FormatAssignment& formats, NodeId id,
                                        const CostModel::Counts& counts, Carriers& carriers) {
  NodeSteps steps(graph, formats, id, counts, carriers);
  std::visit(steps, graph[id].form);
  append_traffic(steps.steps_, graph, formats, id, counts, carriers);
  return std::move(steps.steps_.uses);
}

}  // namespace halfulp
