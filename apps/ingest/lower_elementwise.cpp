// Element-wise operators.
#include <cmath>

#include "handlers.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child {

NodeId binary(Call& call, const std::string& op, NodeId left, NodeId right) {
  const auto shape = broadcast(call.shape_of(left), call.shape_of(right));
  if (!shape) {
    call.misfit("operands of shapes " + to_string(call.shape_of(left)) + " and " + to_string(call.shape_of(right)) +
                " do not fit each other");
  }
  return call.emit(op, {left, right}, {}, *shape);
}

namespace rules {
namespace {

constexpr std::int64_t kLargestExponent = 64;

Value one_operand(Call& call, const std::string& op, Attributes attributes = {}) {
  const NodeId x = call.tensor(0);
  return call.fresh(call.emit(op, {x}, std::move(attributes), call.shape_of(x)));
}

// The second operand of add and sub, multiplied by `alpha` where that is not 1.
NodeId scaled(Call& call, NodeId operand) {
  const double alpha = call.size() > 2 ? call.real(2, 1.0) : 1.0;
  return alpha == 1 ? operand : binary(call, "mul", operand, call.number(alpha));
}

NodeId negated(Call& call, NodeId x) { return call.emit("neg", {x}, {}, call.shape_of(x)); }

// max(x, bound): x and the bound stand side by side, and the larger is taken.
NodeId at_least(Call& call, NodeId x, double bound) {
  const Shape shape = call.shape_of(x);
  Shape pair = shape;
  pair.push_back(1);
  const NodeId column = reshaped(call, x, pair);
  pair.back() = 2;
  const auto last = static_cast<std::int64_t>(shape.size());
  const NodeId both = call.emit("pad", {column}, {{"padding", std::vector<std::int64_t>{0, 1}}, {"value", bound}}, std::move(pair));
  return call.emit("amax", {both}, {{"dims", std::vector<std::int64_t>{last}}, {"keepdim", false}}, shape);
}

NodeId expanded_to(Call& call, NodeId x, const Shape& shape) {
  return call.shape_of(x) == shape ? x : call.emit("expand", {x}, {}, shape);
}

NodeId larger(Call& call, NodeId a, NodeId b) {
  const auto shape = broadcast(call.shape_of(a), call.shape_of(b));
  if (!shape) call.misfit("operands of shapes " + to_string(call.shape_of(a)) + " and " + to_string(call.shape_of(b)));
  Shape pair = *shape;
  pair.insert(pair.begin(), 2);
  const NodeId both = call.emit("stack", {expanded_to(call, a, *shape), expanded_to(call, b, *shape)}, {{"dim", std::int64_t{0}}}, std::move(pair));
  return call.emit("amax", {both}, {{"dims", std::vector<std::int64_t>{0}}, {"keepdim", false}}, *shape);
}

Value clamped(Call& call, double low, double high) {
  if (std::isnan(low) || std::isnan(high) || low > high) call.unsupported("a clamp whose lower bound is above its upper");
  if (low == 0 && std::isinf(high)) return one_operand(call, "relu");
  if (std::isinf(low) && std::isinf(high)) return call.view(0, call.tensor(0));
  if (std::isinf(high)) return call.fresh(at_least(call, call.tensor(0), low));
  if (std::isinf(low)) return call.fresh(negated(call, at_least(call, negated(call, call.tensor(0)), -high)));
  return one_operand(call, "hardtanh", {{"min", low}, {"max", high}});
}

}  // namespace

Value unary(Call& call) { return one_operand(call, call.op()); }

Value add(Call& call) {
  const NodeId a = call.operand(0), b = call.operand(1);
  return call.fresh(binary(call, "add", a, scaled(call, b)));
}

Value subtract(Call& call) {
  const NodeId a = call.operand(0), b = call.operand(1);
  return call.fresh(binary(call, "sub", a, scaled(call, b)));
}

// rsub(x, other, alpha) = other - alpha x.
Value reverse_subtract(Call& call) {
  const NodeId x = call.operand(0), other = call.operand(1);
  return call.fresh(binary(call, "sub", other, scaled(call, x)));
}

Value multiply(Call& call) {
  const NodeId a = call.operand(0), b = call.operand(1);
  return call.fresh(binary(call, "mul", a, b));
}

Value square(Call& call) {
  const NodeId x = call.tensor(0);
  return call.fresh(binary(call, "mul", x, x));
}

Value divide(Call& call) {
  if (call.size() > 2 && !call.is_none(2)) call.unsupported("a division with a rounding mode");
  const NodeId a = call.operand(0), b = call.operand(1);
  return call.fresh(binary(call, "div", a, b));
}

Value reciprocal(Call& call) {
  const NodeId x = call.tensor(0);
  return call.fresh(binary(call, "div", call.number(1), x));
}

Value leaky_relu(Call& call) {
  const double slope = call.real(1, 0.01);
  if (!std::isfinite(slope)) call.unsupported("a slope that is not finite");
  return one_operand(call, "leaky_relu", {{"slope", slope}});
}

Value prelu(Call& call) {
  const NodeId x = call.tensor(0), weight = call.tensor(1);
  const Shape& shape = call.shape_of(x);
  const std::int64_t slopes = element_count(call.shape_of(weight));
  if (!call.builder().is_constant(weight)) call.unsupported("a slope that is not a parameter");
  if (slopes != 1 && (shape.size() < 2 || shape[1] != slopes)) {
    call.misfit(std::to_string(slopes) + " slopes for a tensor of shape " + to_string(shape));
  }
  return call.fresh(call.emit_layer("prelu", weight, {x, weight}, {}, shape));
}

Value hardtanh(Call& call) { return clamped(call, call.real(1, -1.0), call.real(2, 1.0)); }
Value relu6(Call& call) { return clamped(call, 0, 6); }
Value clamp(Call& call) { return clamped(call, call.real(1, -INFINITY), call.real(2, INFINITY)); }
Value clamp_min(Call& call) { return clamped(call, call.real(1), INFINITY); }
Value clamp_max(Call& call) { return clamped(call, -INFINITY, call.real(1)); }

Value maximum(Call& call) {
  const NodeId a = call.tensor(0), b = call.tensor(1);
  return call.fresh(larger(call, a, b));
}

// min(a, b) = -max(-a, -b).
Value minimum(Call& call) {
  const NodeId a = call.tensor(0), b = call.tensor(1);
  return call.fresh(negated(call, larger(call, negated(call, a), negated(call, b))));
}

Value power(Call& call) {
  const NodeId x = call.tensor(0);
  const double exponent = call.real(1);
  if (exponent == 0.5) return one_operand(call, "sqrt");
  if (exponent != std::floor(exponent) || std::abs(exponent) > kLargestExponent) {
    call.unsupported("an exponent that is no integer from -64 to 64");
  }
  if (exponent == 2) return call.fresh(binary(call, "mul", x, x));
  return one_operand(call, "pow", {{"exponent", static_cast<std::int64_t>(exponent)}});
}

Value softmax(Call& call) {
  const std::size_t rank = call.shape(0).size();
  const std::int64_t dim = call.dim(1, rank);
  return one_operand(call, "softmax", {{"dim", dim}});
}

}  // namespace rules
}  // namespace halfulp::ingest_child
